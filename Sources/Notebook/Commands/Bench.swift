import Alignment
import Autograd
import LanguageModels
import TerminalUI

/// What was measured of a job.
struct BenchFigures {
    let name: BenchJobName
    /// Seconds of each run, fastest first.
    let seconds: [Double]
    /// What a run works through, such as 1,024 tokens.
    let amount: Double
    let unit: String
    /// 6·P for each token of a run; nil where that says nothing.
    let operations: Double?
    /// The rate of products at the job's shapes, in operations a second, measured around it.
    var productRate: Double?

    var median: Double { BenchFigures.median(of: seconds) }
    /// The distance of the slowest run from the fastest, as a share of the median.
    var spread: Double { ((seconds.last ?? .nan) - (seconds.first ?? .nan)) / median }
    var rate: Double { amount / median }
    var operationRate: Double? { operations.map { $0 / median } }
    var fraction: Double? {
        guard let operationRate, let productRate else { return nil }
        return operationRate / productRate
    }

    static func median(of values: [Double]) -> Double {
        let sorted = values.sorted()
        if sorted.isEmpty { return .nan }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2)
            ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}

/// Runs jobs several times and takes the time.
struct Bench {
    let plan: ParallelPlan
    let seed: UInt64
    /// Time for each job.
    let seconds: Double
    /// Bytes a second read from memory.
    let readRate: Double

    /// Bytes a second that all threads read from a quarter of a gigabyte.
    static func readRate(threads: Int) -> Double {
        BenchFigures.median(
            of: MachineRates.readRates(
                bytes: 1 << 28, threads: threads, repetitions: 5, clock: MonotonicClock.seconds))
    }

    func measure(_ name: BenchJobName, on subject: BenchSubject) -> BenchFigures {
        switch name {
        case .trainingStep: trainingStep(name, subject, batch: subject.trainingBatch)
        case .tutorialStep: trainingStep(name, .tutorial, batch: (rows: 32, length: 40))
        case .rewardStep: rewardStep(subject)
        case .generate1: generation(name, subject, batch: 1)
        case .generate16: generation(name, subject, batch: 16)
        case .generate64: generation(name, subject, batch: 64)
        case .ppoSeparate: ppo(name, subject, sharesTrunk: false)
        case .ppoShared: ppo(name, subject, sharesTrunk: true)
        }
    }

    // MARK: - Jobs

    private func trainingStep(
        _ name: BenchJobName, _ subject: BenchSubject, batch: (rows: Int, length: Int)
    ) -> BenchFigures {
        let model = subject.model(heads: [], seed: seed)
        let examples = tokens(subject, rows: batch.rows, length: batch.length).map {
            TokenizedExample(prompt: [], completion: $0)
        }
        let tokenCount = batch.rows * batch.length
        let products = subject.products(
            rows: max(1, tokenCount / plan.shards), hasTokenHead: true)
        return withProductRate(products) {
            let timer = StepTimer(seconds: seconds)
            _ = SupervisedTrainer(options: options(batchSize: batch.rows)).train(
                model, on: examples, report: timer.report)
            return BenchFigures(
                name: name, seconds: timer.results, amount: Double(tokenCount), unit: "tokens",
                operations: 6 * Double(subject.parameterCount) * Double(tokenCount))
        }
    }

    private func rewardStep(_ subject: BenchSubject) -> BenchFigures {
        let pairCount = 16
        let length = min(64, subject.configuration.contextLength)
        let model = subject.model(heads: [.score], seed: seed)
        let rows = tokens(subject, rows: 2 * pairCount, length: length)
        let pairs = (0..<pairCount).map {
            TokenizedPair(chosen: rows[2 * $0], rejected: rows[2 * $0 + 1], promptID: "\($0)")
        }
        let tokenCount = 2 * pairCount * length
        let products = subject.products(
            rows: max(1, tokenCount / plan.shards), hasTokenHead: false)
        return withProductRate(products) {
            let timer = StepTimer(seconds: seconds)
            _ = RewardTrainer(options: options(batchSize: pairCount)).train(
                model, on: pairs, report: timer.report)
            return BenchFigures(
                name: .rewardStep, seconds: timer.results, amount: Double(pairCount), unit: "pairs",
                operations: 6 * Double(subject.blockParameterCount) * Double(tokenCount))
        }
    }

    private func generation(
        _ name: BenchJobName, _ subject: BenchSubject, batch: Int
    ) -> BenchFigures {
        let newTokens = 32
        let model = subject.model(heads: [], seed: seed)
        let prompts = tokens(subject, rows: batch, length: 32)
        let timer = StepTimer(seconds: seconds)
        timer.start()
        while true {
            // No token ends a completion, so that every run makes as many.
            let generator = Generator(
                model: model, maxNewTokens: newTokens, endOfText: nil, seed: seed, plan: plan)
            _ = generator.completions(of: prompts)
            if timer.lap() == .stop { break }
        }
        return BenchFigures(
            name: name, seconds: timer.results, amount: Double(batch * newTokens), unit: "tokens",
            operations: nil)
    }

    private func ppo(
        _ name: BenchJobName, _ subject: BenchSubject, sharesTrunk: Bool
    ) -> BenchFigures {
        let episodes = 16
        let policy = subject.model(heads: sharesTrunk ? [.value] : [], seed: seed)
        let reward = subject.model(heads: [.score], seed: seed &+ 1)
        let plan = plan
        let models = PPOModels(
            policy: policy, reference: subject.model(heads: [], seed: seed),
            critic: sharesTrunk ? nil : LanguageModel(copying: reward),
            score: {
                sequenceScores(of: reward, on: $0.map { $0.prompt + $0.completion }, plan: plan)
            },
            text: { _ in PromptedCompletion(prompt: "", completion: "") })
        var ppo = PPOOptions()
        ppo.minibatchSize = episodes
        ppo.maxNewTokens = 32
        ppo.critic = sharesTrunk ? .sharedTrunk(coefficient: 0.1) : .separate(learningRate: 1e-6)
        ppo.evaluationInterval = 0
        ppo.sampleInterval = 0
        let timer = StepTimer(seconds: seconds)
        // No token has the id -1, so that every episode has as many.
        _ = PPOTrainer(options: options(batchSize: episodes), ppo: ppo, endOfText: -1).train(
            models, prompts: tokens(subject, rows: episodes, length: 32), report: timer.report)
        return BenchFigures(
            name: name, seconds: timer.results, amount: Double(episodes), unit: "episodes",
            operations: nil)
    }

    // MARK: - Parts

    /// Measures products before and after a job; the median of both is the rate it had beside it.
    private func withProductRate(
        _ products: [MachineRates.Product], _ job: () -> BenchFigures
    ) -> BenchFigures {
        func rates() -> [Double] {
            MachineRates.productRates(
                products, threads: plan.threads, repetitions: 5, clock: MonotonicClock.seconds)
        }
        let before = rates()
        var figures = job()
        figures.productRate = BenchFigures.median(of: before + rates())
        return figures
    }

    private func options(batchSize: Int) -> TrainingOptions {
        TrainingOptions(
            length: .steps(StepTimer.mostRuns + 1), batchSize: batchSize, learningRate: 1e-6,
            schedule: .constant, seed: seed, plan: plan)
    }

    private func tokens(_ subject: BenchSubject, rows: Int, length: Int) -> [[Int]] {
        (0..<rows).map { row in
            var random = RandomStream(seed: seed, purpose: RandomPurpose("bench"), sample: row)
            return (0..<length).map { _ in
                random.nextIndex(below: subject.configuration.vocabularySize)
            }
        }
    }
}

/// Takes the time of the steps of a recipe and ends it when there are enough.
final class StepTimer {
    static let fewestRuns = 3
    static let mostRuns = 200

    private let seconds: Double
    private var laps: [Double] = []
    private var startedAt = 0.0
    private var lastAt = 0.0

    init(seconds: Double) { self.seconds = seconds }

    /// The seconds of each run but the first, which makes kernels and fills the pools.
    var results: [Double] { laps.dropFirst().sorted() }

    func start() {
        startedAt = MonotonicClock.seconds()
        lastAt = startedAt
    }

    /// Ends a run and says whether another one is wanted.
    func lap() -> Decision {
        let now = MonotonicClock.seconds()
        laps.append(now - lastAt)
        lastAt = now
        if Interrupts.isRaised || laps.count > Self.mostRuns { return .stop }
        let isEnough = laps.count > Self.fewestRuns && now - startedAt >= seconds
        return isEnough ? .stop : .continue
    }

    func report(_ event: TrainingEvent) -> Decision {
        switch event {
        case .started: start()
        case .step: return lap()
        case .warning, .samples: break
        }
        return .continue
    }
}
