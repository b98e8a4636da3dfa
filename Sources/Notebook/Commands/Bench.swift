import Alignment
import Autograd
import LanguageModels
import TerminalUI

/// Runs jobs several times and takes the time.
struct Bench {
    let plan: ParallelPlan
    let seed: UInt64
    /// Time for each job.
    let seconds: Double
    /// Bytes a second read from memory, before the jobs.
    let readRate: Double
    /// The program whose start is measured: this one.
    var program = "/proc/self/exe"

    /// Bytes a second that all threads read from half a gigabyte, the median of five times.
    static func readRate(threads: Int) -> Double { BenchFigures.median(of: readRates(threads)) }

    private static func readRates(_ threads: Int) -> [Double] {
        MachineRates.readRates(
            bytes: 1 << 29, threads: threads, repetitions: 5, clock: MonotonicClock.seconds)
    }

    /// Measures a job between two measurements of what limits it; nil where it cannot be run.
    func measure(_ name: BenchJobName, on subject: BenchSubject) -> BenchFigures? {
        let products = products(name, subject)
        let decodes = name.batch != nil
        var productRates = rates(of: products)
        var readRates = decodes ? Self.readRates(plan.threads) : []
        PeakMemory.reset()
        // The weights of a model folder.
        let held = MemoryPool.allocatedBytes
        guard var figures = run(name, on: subject) else { return nil }
        figures.peakBytes = PeakMemory.bytes
        figures.tensorBytes = MemoryPool.allocatedBytes - held
        figures.estimatedBytes = memory(name, subject)?.tensors
        productRates += rates(of: products)
        if !productRates.isEmpty { figures.productRate = BenchFigures.median(of: productRates) }
        if let batch = name.batch {
            readRates += Self.readRates(plan.threads)
            let weights = subject.decodingWeightCount
            figures.decodingLimit = DecodingLimit(
                batch: batch, weightBytes: weights * (name.isBF16 ? 2 : 4),
                operationsPerToken: 2 * Double(weights),
                readRate: BenchFigures.median(of: readRates), productRate: figures.productRate)
        }
        return figures
    }

    private func run(_ name: BenchJobName, on subject: BenchSubject) -> BenchFigures? {
        switch name {
        case .trainingStep, .trainingStepBF16, .loraTraining: trainingStep(name, subject)
        case .tutorialStep: trainingStep(name, .tutorial)
        case .rewardStep: rewardStep(subject)
        case .dpoStep: dpoStep(subject)
        case .ktoStep: ktoStep(subject)
        case .generate1: generation(name, subject, batch: 1)
        case .generate16: generation(name, subject, batch: 16)
        case .generate64: generation(name, subject, batch: 64)
        case .generate1BF16: generation(name, subject, batch: 1)
        case .ppoSeparate: ppo(name, subject, sharesTrunk: false)
        case .ppoShared: ppo(name, subject, sharesTrunk: true)
        case .rloo, .grpo: group(name, subject)
        case .start: start()
        }
    }

    // MARK: - Parts

    /// The products whose rate a job is compared with, as one of its shards has them.
    private func products(_ name: BenchJobName, _ subject: BenchSubject) -> [MachineRates.Product] {
        func rows(_ tokens: Int) -> Int { max(1, tokens / plan.shards) }
        switch name {
        case .trainingStep, .trainingStepBF16:
            let batch = subject.trainingBatch
            return subject.products(rows: rows(batch.rows * batch.length), hasTokenHead: true)
        case .tutorialStep:
            let batch = BenchSubject.tutorial.trainingBatch
            return BenchSubject.tutorial.products(
                rows: rows(batch.rows * batch.length), hasTokenHead: true)
        case .rewardStep:
            return subject.products(
                rows: rows(BenchSubject.pairCount * subject.pairRows), hasTokenHead: false)
        case .generate16, .generate64:
            return subject.decodingProducts(rows: name.batch ?? 1)
        case .dpoStep:
            return subject.products(
                rows: rows(BenchSubject.pairCount * subject.pairRows), hasTokenHead: true)
        case .ktoStep:
            return subject.products(
                rows: rows(2 * BenchSubject.pairCount * subject.pairLength), hasTokenHead: true)
        case .loraTraining:
            let batch = subject.trainingBatch
            return subject.products(
                rows: rows(batch.rows * batch.length), hasTokenHead: true, trainsWeights: false)
        case .generate1, .generate1BF16, .ppoSeparate, .ppoShared, .rloo, .grpo, .start: return []
        }
    }

    private func rates(of products: [MachineRates.Product]) -> [Double] {
        if products.isEmpty { return [] }
        return MachineRates.productRates(
            products, threads: plan.threads, repetitions: 5, clock: MonotonicClock.seconds)
    }
}

extension BenchJobName {
    /// Sequences that are decoded together, for the jobs that only decode.
    var batch: Int? {
        switch self {
        case .generate1, .generate1BF16: 1
        case .generate16: 16
        case .generate64: 64
        default: nil
        }
    }
}
