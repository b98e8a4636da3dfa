import Autograd
import Foundation
import LanguageModels
import Testing

@testable import Alignment

@Suite("Reward model training")
struct RewardTrainerTests {
    private func options(
        _ length: TrainingOptions.Length = .steps(10), threads: Int = 1, frozenLayers: Int = 0
    ) -> TrainingOptions {
        TrainingOptions(
            length: length, batchSize: 8, learningRate: 0.01, frozenLayers: frozenLayers,
            plan: Toy.plan(threads: threads))
    }

    @Test("ten steps have PyTorch's losses, scores and accuracies", arguments: [false, true])
    func reference(isCentred: Bool) throws {
        let fixture = try TrainingFixture.load().rewardTraining
        let run = isCentred ? fixture.centred : fixture.plain
        #expect(run.steps.count == 10)
        let model = try TrainingFixture.model("reward", heads: [.score])
        let options = TrainingOptions(
            length: .steps(10), batchSize: fixture.batchSize, learningRate: fixture.learningRate,
            schedule: .constant, maxGradientNorm: fixture.maximumNorm, shuffles: false,
            plan: ParallelPlan(threads: 2))
        let record = RunRecord()
        let outcome = RewardTrainer(
            options: options, centeringCoefficient: run.centeringCoefficient ?? 0
        ).train(model, on: try TrainingFixture.pairs(), report: record.report())
        #expect(outcome == .finished)
        for (row, step) in zip(record.rows, run.steps) {
            func expectClose(_ key: String, _ value: Double, within tolerance: Double = 1e-4) {
                #expect(abs((row[key] ?? .nan) - value) <= tolerance, "step \(row.step), \(key)")
            }
            func mean(_ values: [Float]) -> Double {
                values.reduce(0) { $0 + Double($1) } / Double(values.count)
            }
            expectClose("loss", step.loss)
            expectClose("grad_norm", step.gradientNorm, within: 1e-3)
            expectClose("learning_rate", step.learningRate, within: 1e-9)
            expectClose("rewards/accuracies", step.accuracy)
            expectClose("rewards/chosen", mean(step.chosenScores))
            expectClose("rewards/rejected", mean(step.rejectedScores))
        }
    }

    @Test("all pairs of a prompt are in one batch, and an epoch has every pair once")
    func batches() {
        var pairs = Toy.pairs(prompts: 15)
        // Rows of a prompt need not be neighbours.
        var random = RandomStream(seed: 4, purpose: .order)
        pairs = random.permutation(of: pairs.count).map { pairs[$0] }
        let groups = RewardTrainer.groups(of: pairs.map(\.promptID))
        #expect(groups.count == 15)
        let order = DataOrder(count: groups.count, shuffles: true, seed: 1)
        let batches = RewardTrainer.batches(
            groups: groups, order: order, batchSize: 8, length: .epochs(2))
        // Two prompts of three pairs each fit into eight.
        #expect(batches.count == 16)
        for epoch in [batches[..<8], batches[8...]] {
            #expect(epoch.flatMap { $0 }.sorted() == Array(pairs.indices))
            for batch in epoch {
                #expect(batch.count <= 8)
                let prompts = Set(batch.map { pairs[$0].promptID })
                #expect(batch.count == 3 * prompts.count)
            }
        }
        #expect(batches[..<8] != batches[8...])
    }

    @Test("a prompt with more pairs than a batch has a batch of its own")
    func largePrompt() {
        let batches = RewardTrainer.batches(
            groups: [[0], [1, 2, 3, 4, 5], [6], [7]],
            order: DataOrder(count: 4, shuffles: false, seed: 1), batchSize: 3, length: .epochs(1))
        #expect(batches == [[0], [1, 2, 3, 4, 5], [6, 7]])
    }

    @Test("steps go round through as many epochs as they need")
    func steps() {
        let batches = RewardTrainer.batches(
            groups: [[0, 1], [2, 3]], order: DataOrder(count: 2, shuffles: false, seed: 1),
            batchSize: 2, length: .steps(5))
        #expect(batches == [[0, 1], [2, 3], [0, 1], [2, 3], [0, 1]])
        let half = RewardTrainer.batches(
            groups: [[0], [1], [2], [3]], order: DataOrder(count: 4, shuffles: false, seed: 1),
            batchSize: 1, length: .epochs(1.5))
        #expect(half == [[0], [1], [2], [3], [0], [1]])
    }

    @Test("it learns which answer is better, on prompts it has not seen")
    func learns() throws {
        let pairs = Toy.pairs(prompts: 50)
        let model = LanguageModel.toy(heads: [.score])
        let record = RunRecord()
        let outcome = RewardTrainer(options: options(.epochs(4)), evaluationInterval: 10).train(
            model, on: Array(pairs[..<120]), heldOut: Array(pairs[120...]), report: record.report())
        #expect(outcome == .finished)
        #expect(abs(record.values("loss")[0] - log(2)) < 0.4)
        let accuracy = try #require(record.rows.last?["eval/accuracy"])
        #expect(accuracy >= 0.9)
        let scores = pairScores(of: model, on: Array(pairs[120...]), plan: Toy.plan())
        #expect(PairScores(scores).accuracy == accuracy)
    }

    @Test("a pair of weight 0 teaches nothing")
    func weights() {
        var pairs = Array(Toy.pairs(prompts: 2))
        func firstRow() -> (Double, [Float]) {
            var options = options(.steps(1))
            options.shuffles = false
            let model = LanguageModel.toy(heads: [.score])
            let record = RunRecord()
            _ = RewardTrainer(options: options).train(model, on: pairs, report: record.report())
            return (record.values("loss")[0], model.parameters.flatValues)
        }
        for i in 1..<pairs.count { pairs[i].weight = 0 }
        let one = firstRow()
        // Whatever the others say.
        for i in 1..<pairs.count { pairs[i].chosen = pairs[i].chosen.map { 11 - $0 } }
        let other = firstRow()
        #expect(abs(one.0 - other.0) < 1e-6)
        #expect(one.1 == other.1)
        pairs = [pairs[0]]
        #expect(abs(firstRow().0 - one.0) < 1e-6)
    }

    @Test("the same bits on two threads")
    func threads() {
        func run(threads: Int) -> ([Float], RunRecord) {
            let model = LanguageModel.toy(heads: [.score])
            let record = RunRecord()
            let pairs = Toy.pairs(prompts: 10)
            _ = RewardTrainer(options: options(threads: threads)).train(
                model, on: pairs, heldOut: pairs, report: record.report())
            return (model.parameters.flatValues, record)
        }
        let (one, first) = run(threads: 1)
        let (two, second) = run(threads: 2)
        #expect(one == two)
        #expect(sameBits(first.rows, second.rows))
    }

    @Test("a run stopped and resumed ends with the bits of one that was not", arguments: [1, 4, 9])
    func resume(stop: Int) throws {
        let trainer = RewardTrainer(options: options(frozenLayers: 1), centeringCoefficient: 0.01)
        let pairs = Toy.pairs(prompts: 10)
        let whole = LanguageModel.toy(heads: [.score])
        let uninterrupted = RunRecord()
        _ = trainer.train(
            whole, on: pairs, report: uninterrupted.report(keepingCheckpoints: true))

        let first = RunRecord()
        let outcome = trainer.train(
            .toy(heads: [.score]), on: pairs, report: first.report(stopAfter: stop))
        #expect(outcome == .interrupted(step: stop))
        let checkpoint = try #require(first.checkpoints.last)
        let resumed = LanguageModel.toy(heads: [.score], seed: 99)
        let second = RunRecord()
        let end = trainer.train(
            resumed, on: pairs, resume: checkpoint,
            report: second.report(keepingCheckpoints: true))
        #expect(end == .finished)
        #expect(resumed.parameters.flatValues == whole.parameters.flatValues)
        #expect(second.checkpoints.last == uninterrupted.checkpoints.last)
        #expect(sameBits(first.rows + second.rows, uninterrupted.rows))
    }

    @Test(
        "with frozen layers the steps of several epochs are those of whole passes",
        arguments: [0, 1, 2])
    func wholePasses(frozenLayers: Int) throws {
        var options = options(.epochs(3), frozenLayers: frozenLayers)
        options.shuffles = false
        let pairs = Toy.pairs(prompts: 4)
        let record = RunRecord()
        _ = RewardTrainer(options: options, centeringCoefficient: 0.1).train(
            .toy(heads: [.score]), on: pairs, report: record.report())
        #expect(record.rows.count == 6)

        let model = LanguageModel.toy(heads: [.score])
        let head = try #require(model.parameters["score.weight"])
        let optimizer = ModelOptimizer(model, name: "plain", options: options, usesTokenHead: false)
        let gradients = ShardedGradients(
            [model.parameters], firstTrainable: [optimizer.firstTrainable],
            plan: Toy.plan(shards: 1))
        for row in record.rows {
            // Two prompts of three pairs fit into eight.
            let start = row.step.isMultiple(of: 2) ? 6 : 0
            let batch = Array(pairs[start..<(start + 6)])
            let chosen = PackedSequences(batch.map(\.chosen))
            let rejected = PackedSequences(batch.map(\.rejected))
            let loss = gradients.accumulate { _, weights -> (Tensor?, Double) in
                func scores(_ sequences: PackedSequences) -> Tensor {
                    scalarHead(
                        rows(
                            of: model.hidden(sequences, weights: weights[0]),
                            at: sequences.lastRows), weight: weights[0][head])
                }
                let loss = bradleyTerryLoss(
                    chosen: scores(chosen), rejected: scores(rejected),
                    margins: [Float](repeating: 0, count: 6),
                    weights: [Float](repeating: 1 / 6, count: 6), centeringCoefficient: 0.1)
                return (loss, Double(loss.scalar))
            }[0]
            let norm = optimizer.step(
                gradients, learningRate: Float(try #require(row["learning_rate"])),
                maximumNorm: options.maxGradientNorm)
            #expect(abs(try #require(row["loss"]) - loss) <= 1e-5, "step \(row.step)")
            #expect(abs(try #require(row["grad_norm"]) - Double(norm)) <= 1e-4, "step \(row.step)")
        }
    }

    @Test("a reward model that learns nothing is said to be at chance, by a resumed run too")
    func health() {
        var options = options(.steps(6))
        options.learningRate = 0
        let pairs = Toy.pairs(prompts: 6)
        // Each pair also the other way round: no scores can be right about both.
        let contradictions =
            pairs
            + pairs.map {
                TokenizedPair(chosen: $0.rejected, rejected: $0.chosen, promptID: $0.promptID)
            }
        let trainer = RewardTrainer(options: options, evaluationInterval: 1)
        let record = RunRecord()
        _ = trainer.train(
            .toy(heads: [.score]), on: pairs, heldOut: contradictions,
            report: record.report(keepingCheckpoints: true))
        #expect(record.warnings.map(\.cause) == [.rewardModelAtChance])
        #expect(record.warnings.first?.step == 2)
        let resumed = RunRecord()
        _ = trainer.train(
            .toy(heads: [.score]), on: pairs, heldOut: contradictions,
            resume: record.checkpoints[3], history: Array(record.rows[..<4]),
            report: resumed.report())
        #expect(resumed.warnings == record.warnings)
    }

    @Test("scores that are no numbers end the run in order, and are named")
    func divergence() {
        let model = LanguageModel.toy(heads: [.score])
        model.scaleScores(by: .nan)
        let outcome = RewardTrainer(options: options()).train(
            model, on: Toy.pairs(prompts: 3), report: RunRecord().report())
        #expect(outcome == .diverged(step: 1, metric: "loss"))
    }

    @Test("every metric it reports is in the catalogue")
    func catalogue() {
        let record = RunRecord()
        let pairs = Toy.pairs(prompts: 2)
        _ = RewardTrainer(options: options(.steps(1))).train(
            .toy(heads: [.score]), on: pairs, heldOut: pairs, report: record.report())
        for entry in record.rows[0].entries {
            #expect(Metric.named(entry.key) != nil, "\(entry.key)")
        }
    }
}
