import Autograd
import LanguageModels

@testable import Alignment

extension LanguageModel {
    /// A model that trains in milliseconds.
    static func toy(heads: [ScalarHead] = [], layers: Int = 2, seed: UInt64 = 1) -> LanguageModel {
        var configuration = ModelConfiguration(
            vocabularySize: 12, contextLength: 20, width: 16, layerCount: layers, headCount: 2)
        configuration.initializerRange = 0.15
        let model = LanguageModel(configuration, heads: heads)
        model.initialize(seed: seed)
        if heads.contains(.score) { model.initializeScoreHead(seed: seed) }
        return model
    }
}

/// Token sequences made up for tests: 0 ends a completion.
enum Toy {
    static func examples(_ count: Int) -> [TokenizedExample] {
        var random = RandomStream(seed: 1, purpose: RandomPurpose("toy examples"))
        return (0..<count).map { _ in
            let start = 1 + random.nextIndex(below: 11)
            // The completion counts on from the prompt: something to be learned.
            let length = 1 + random.nextIndex(below: 6)
            return TokenizedExample(
                prompt: [start, start % 11 + 1],
                completion: (2..<(2 + length)).map { (start - 1 + $0) % 11 + 1 } + [0])
        }
    }

    /// Three pairs for each prompt; the answer with more of token 5 is preferred.
    static func pairs(prompts: Int) -> [TokenizedPair] {
        var random = RandomStream(seed: 2, purpose: RandomPurpose("toy pairs"))
        return (0..<prompts).flatMap { prompt -> [TokenizedPair] in
            (0..<3).map { _ in
                let words = (0..<4).map { _ in 1 + random.nextIndex(below: 11) }
                let head = [prompt % 11 + 1, prompt / 11 + 1]
                return TokenizedPair(
                    chosen: head + words.map { $0.isMultiple(of: 2) ? 5 : $0 } + [5, 0],
                    rejected: head + words.map { $0 == 5 ? 6 : $0 } + [0],
                    promptID: "prompt \(prompt)", promptCount: head.count)
            }
        }
    }

    /// The answers of ``pairs(prompts:)``, each with a verdict of its own.
    static func labelled(prompts: Int) -> [LabelledExample] {
        let sides = pairs(prompts: prompts).map(\.examples)
        return sides.map { LabelledExample($0[0], isGood: true) }
            + sides.map { LabelledExample($0[1], isGood: false) }
    }

    static func plan(threads: Int = 1, shards: Int = 4) -> ParallelPlan {
        ParallelPlan(shards: shards, threads: threads)
    }
}

/// What a run reported.
final class RunRecord {
    var rows: [MetricRow] = []
    var checkpoints: [TrainingCheckpoint] = []
    var warnings: [HealthWarning] = []
    var samples: [[PromptedCompletion]] = []
    var starts: [[Int]] = []

    /// - Parameters:
    ///   - stop: The step after which the answer is stop.
    ///   - keep: Whether a checkpoint is taken at every step.
    func report(stopAfter stop: Int? = nil, keepingCheckpoints keep: Bool = false) -> TrainingReport
    {
        { [self] event in
            switch event {
            case .started(let completed, let total, _): starts.append([completed, total])
            case .step(let row, let checkpoint):
                rows.append(row)
                if keep || row.step == stop { checkpoints.append(checkpoint()) }
                return row.step == stop ? .stop : .continue
            case .warning(let warning): warnings.append(warning)
            case .samples(_, let texts): samples.append(texts)
            }
            return .continue
        }
    }

    func values(_ key: String) -> [Double] { rows.compactMap { $0[key] } }
}

/// Whether two rows have the same bits; NaN equals itself.
func sameBits(_ a: [MetricRow], _ b: [MetricRow]) -> Bool {
    a.map { row in row.entries.map { "\($0.key) \($0.value.bitPattern)" } }
        == b.map { row in row.entries.map { "\($0.key) \($0.value.bitPattern)" } }
}
