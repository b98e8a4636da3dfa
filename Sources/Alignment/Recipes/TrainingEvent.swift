import Autograd
import LanguageModels

/// The metrics of one step, in the order in which they are shown.
public struct MetricRow: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        public let key: String
        public let value: Double
    }

    /// The step these belong to, counted from 1.
    public let step: Int
    public private(set) var entries: [Entry]

    public init(step: Int, _ entries: [(String, Double)]) {
        self.step = step
        self.entries = entries.map { Entry(key: $0.0, value: $0.1) }
    }

    public subscript(key: String) -> Double? { entries.first { $0.key == key }?.value }

    public mutating func append(_ key: String, _ value: Double) {
        entries.append(Entry(key: key, value: value))
    }

    /// The metrics by key.
    public var dictionary: [String: Double] {
        Dictionary(entries.map { ($0.key, $0.value) }) { _, last in last }
    }
}

/// What a recipe reports while it runs.
public enum TrainingEvent {
    /// The run is about to start, or to go on from `completed` steps of `total`.
    case started(completed: Int, total: Int, unit: String)
    /// A step was made. `checkpoint` copies everything needed to go on from here with the same bits;
    /// call it only when it is to be stored.
    case step(MetricRow, checkpoint: () -> TrainingCheckpoint)
    /// A pattern in the metrics that has a name, and what to do about it.
    case warning(HealthWarning)
    /// A few completions of the current policy.
    case samples(step: Int, [PromptedCompletion])
}

/// A prompt and a completion as text.
public struct PromptedCompletion: Sendable, Equatable {
    public let prompt: String
    public let completion: String
    /// What the answer was given in training; nil where it was not scored.
    public var score: Double?

    public init(prompt: String, completion: String, score: Double? = nil) {
        self.prompt = prompt
        self.completion = completion
        self.score = score
    }
}

/// The answer to an event: go on, or stop in order after this step.
public enum Decision: Sendable {
    case `continue`
    case stop
}

/// Listens to a recipe; asked once a step whether to go on.
public typealias TrainingReport = (TrainingEvent) -> Decision

/// Everything a recipe needs to go on with the same bits: parameters, optimizer moments, counters.
public struct TrainingCheckpoint: Sendable, Equatable {
    /// Steps that are done.
    public var step: Int
    /// Named blocks of floats, in a fixed order.
    public var tensors: [NamedTensor]
    /// Named numbers, in a fixed order.
    public var numbers: [NamedNumber]
    /// Named words, in a fixed order: what made the checkpoint, so that nothing else goes on from it.
    public var texts: [NamedText]

    public struct NamedTensor: Sendable, Equatable {
        public var name: String
        public var values: [Float]

        public init(name: String, values: [Float]) {
            self.name = name
            self.values = values
        }
    }

    public struct NamedNumber: Sendable, Equatable {
        public var name: String
        public var value: Double

        public init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    public struct NamedText: Sendable, Equatable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(
        step: Int, tensors: [NamedTensor] = [], numbers: [NamedNumber] = [],
        texts: [NamedText] = []
    ) {
        self.step = step
        self.tensors = tensors
        self.numbers = numbers
        self.texts = texts
    }

    public subscript(text name: String) -> String? { texts.first { $0.name == name }?.value }
    subscript(tensor name: String) -> [Float]? { tensors.first { $0.name == name }?.values }
    subscript(number name: String) -> Double? { numbers.first { $0.name == name }?.value }
}

extension HealthMonitor {
    /// Takes in the figures of a step and reports what is new in them.
    mutating func observe(_ row: MetricRow, report: TrainingReport) {
        for warning in observe(step: row.step, metrics: row.dictionary) {
            _ = report(.warning(warning))
        }
    }
}

/// How a run ended.
public enum TrainingOutcome: Sendable, Equatable {
    /// All steps were made.
    case finished
    /// A condition for stopping early was met, such as the wanted score.
    case reached(String)
    /// The report answered stop; the checkpoint of this many steps goes on from there.
    case interrupted(step: Int)
    /// A number stopped being finite at this step; parameters are those of the step before.
    case diverged(step: Int, metric: String)
    /// Something that must hold did not; the sentence says what. Parameters are those of the step
    /// before.
    case invariantBroken(step: Int, String)
    /// The checkpoint to go on from was made with something else; no step was made.
    case unfit(CheckpointMismatch)
}

extension TrainingOutcome {
    /// The end of a run whose numbers stopped being finite, after the tensor that had it first was
    /// named.
    ///
    /// - Parameters:
    ///   - model: With the parameters of the step.
    ///   - examples: What the step read.
    static func diverged(
        step: Int, metric: String, in model: LanguageModel, reading examples: [TokenizedExample],
        gradients: GradientBuffer? = nil, report: TrainingReport
    ) -> TrainingOutcome {
        _ = report(
            .warning(
                .nonFinite(
                    step: step, metric: metric, in: model, reading: examples,
                    gradients: gradients)))
        return .diverged(step: step, metric: metric)
    }

    /// The end of a run that has the mean score it was to have, or nil.
    static func reached(_ goal: Double?, by row: MetricRow?) -> TrainingOutcome? {
        guard let goal, let score = row?["objective/scores"], score > goal else { return nil }
        return .reached("mean score above \(goal)")
    }
}
