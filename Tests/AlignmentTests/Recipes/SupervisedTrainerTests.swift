import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("Supervised fine-tuning")
struct SupervisedTrainerTests {
    private func options(
        _ length: TrainingOptions.Length = .steps(12), threads: Int = 1, learningRate: Float = 0.01,
        frozenLayers: Int = 0
    ) -> TrainingOptions {
        TrainingOptions(
            length: length, batchSize: 6, learningRate: learningRate, schedule: .linear,
            warmupSteps: 2, adam: AdamW.Configuration(weightDecay: 0.1), frozenLayers: frozenLayers,
            plan: Toy.plan(threads: threads))
    }

    @Test(
        "twenty steps have PyTorch's losses, norms and learning rates",
        arguments: LearningRateSchedule.Form.allCases.dropLast())
    func reference(form: LearningRateSchedule.Form) throws {
        let fixture = try TrainingFixture.load().supervised
        let expected = form == .linear ? fixture.linear.steps : fixture.constant.steps
        #expect(expected.count == 20)
        let model = try TrainingFixture.model("tiny")
        let options = TrainingOptions(
            length: .steps(20), batchSize: fixture.batchSize, learningRate: fixture.learningRate,
            schedule: form, maxGradientNorm: fixture.maximumNorm, shuffles: false,
            plan: ParallelPlan(threads: 2))
        let record = RunRecord()
        let outcome = SupervisedTrainer(options: options).train(
            model, on: try TrainingFixture.examples(), report: record.report())
        #expect(outcome == .finished)
        #expect(record.rows.count == 20)
        for (row, step) in zip(record.rows, expected) {
            let loss = try #require(row["loss"])
            let norm = try #require(row["grad_norm"])
            let learningRate = try #require(row["learning_rate"])
            #expect(abs(loss - step.loss) <= 1e-4, "step \(row.step)")
            #expect(abs(norm - step.gradientNorm) <= 1e-3, "step \(row.step)")
            #expect(abs(learningRate - step.learningRate) <= 1e-9, "step \(row.step)")
        }
    }

    @Test("the same bits on two threads")
    func threads() {
        func run(threads: Int) -> ([Float], RunRecord) {
            let model = LanguageModel.toy()
            let record = RunRecord()
            _ = SupervisedTrainer(options: options(threads: threads)).train(
                model, on: Toy.examples(20), heldOut: Toy.examples(5), report: record.report())
            return (model.parameters.flatValues, record)
        }
        let (one, first) = run(threads: 1)
        let (two, second) = run(threads: 2)
        #expect(one == two)
        #expect(sameBits(first.rows, second.rows))
    }

    @Test(
        "a run stopped and resumed ends with the bits of one that was not", arguments: [1, 5, 11])
    func resume(stop: Int) throws {
        let trainer = SupervisedTrainer(options: options(), evaluationInterval: 3)
        let examples = Toy.examples(20)
        let whole = LanguageModel.toy()
        let uninterrupted = RunRecord()
        _ = trainer.train(
            whole, on: examples, heldOut: examples,
            report: uninterrupted.report(keepingCheckpoints: true))

        let first = RunRecord()
        let outcome = trainer.train(
            .toy(), on: examples, heldOut: examples, report: first.report(stopAfter: stop))
        #expect(outcome == .interrupted(step: stop))
        let checkpoint = try #require(first.checkpoints.last)
        #expect(checkpoint == uninterrupted.checkpoints[stop - 1])
        // Whatever the model holds before is replaced by the checkpoint.
        let resumed = LanguageModel.toy(seed: 99)
        let second = RunRecord()
        let end = trainer.train(
            resumed, on: examples, heldOut: examples, resume: checkpoint,
            report: second.report(keepingCheckpoints: true))
        #expect(end == .finished)
        #expect(second.starts == [[stop, 12]])
        #expect(resumed.parameters.flatValues == whole.parameters.flatValues)
        #expect(second.checkpoints.last == uninterrupted.checkpoints.last)
        #expect(sameBits(first.rows + second.rows, uninterrupted.rows))
    }

    @Test("it learns: the loss falls and the held-out loss with it")
    func learns() throws {
        let model = LanguageModel.toy()
        let record = RunRecord()
        let examples = Toy.examples(120)
        let outcome = SupervisedTrainer(options: options(.steps(60), learningRate: 0.02)).train(
            model, on: Array(examples[..<100]), heldOut: Array(examples[100...]),
            report: record.report())
        #expect(outcome == .finished)
        let losses = record.values("loss")
        #expect(losses[0] > 2 && losses[59] < 1)
        let heldOut = try #require(record.rows.last?["eval/loss"])
        #expect(heldOut < 1)
        let again = meanLoss(of: model, on: Array(examples[100...]), plan: Toy.plan())
        #expect(again.loss == heldOut)
    }

    @Test("epochs visit every row, with a smaller last batch, and count tokens")
    func epochs() {
        let examples = Toy.examples(20)
        let record = RunRecord()
        _ = SupervisedTrainer(options: options(.epochs(2))).train(
            .toy(), on: examples, report: record.report())
        #expect(record.starts == [[0, 8]])
        let all = Double(examples.reduce(0) { $0 + $1.count })
        #expect(record.rows[3]["num_tokens"] == all)
        #expect(record.rows[7]["num_tokens"] == 2 * all)
        #expect(record.values("learning_rate").count == 8)
        let expected = [0.3, 0.6, 0.9, 1, 1.3, 1.6, 1.9, 2]
        for (found, epoch) in zip(record.values("epoch"), expected) {
            #expect(abs(found - epoch) < 1e-12)
        }
    }

    @Test("the loss is the mean over the batch's tokens, however it is cut into shards")
    func tokenMean() {
        let examples = Array(Toy.examples(6))
        func firstLoss(shards: Int) -> Double {
            var options = options(.steps(1))
            options.plan = Toy.plan(shards: shards)
            options.shuffles = false
            let record = RunRecord()
            _ = SupervisedTrainer(options: options).train(
                .toy(), on: examples, report: record.report())
            return record.values("loss")[0]
        }
        let mean = meanLoss(of: .toy(), on: examples, plan: Toy.plan())
        #expect(mean.tokenCount == examples.reduce(0) { $0 + $1.completion.count })
        for shards in [1, 4, 8] { #expect(abs(firstLoss(shards: shards) - mean.loss) < 1e-6) }
    }

    @Test("frozen layers and embeddings keep every bit")
    func frozen() {
        let model = LanguageModel.toy()
        let before = model.parameters.flatValues
        _ = SupervisedTrainer(options: options(frozenLayers: 1)).train(
            model, on: Toy.examples(20), report: RunRecord().report())
        let first = model.firstTrainable(frozenLayers: 1)
        #expect(model.parameters.flatValues[..<first] == before[..<first])
        #expect(model.parameters.flatValues[first...] != before[first...])
    }

    @Test(
        "with frozen layers the steps of several epochs are those of whole passes",
        arguments: [0, 1, 2])
    func wholePasses(frozenLayers: Int) throws {
        var options = options(.epochs(3), frozenLayers: frozenLayers)
        options.shuffles = false
        let examples = Toy.examples(10)
        let record = RunRecord()
        _ = SupervisedTrainer(options: options).train(
            .toy(), on: examples, report: record.report())
        #expect(record.rows.count == 6)

        let model = LanguageModel.toy()
        let optimizer = ModelOptimizer(model, name: "plain", options: options, usesTokenHead: true)
        let gradients = ShardedGradients(
            [model.parameters], firstTrainable: [optimizer.firstTrainable],
            plan: Toy.plan(shards: 1))
        for row in record.rows {
            let start = row.step.isMultiple(of: 2) ? 6 : 0
            let batch = PackedCompletions(Array(examples[start..<min(10, start + 6)]))
            let count = batch.targets.count
            let loss = gradients.accumulate { _, weights -> (Tensor?, Double) in
                let hidden = model.hidden(batch.sequences, weights: weights[0])
                let (loss, _) = crossEntropy(
                    rows(of: hidden, at: batch.predictingRows),
                    table: model.tokenTable(weights[0]), targets: batch.targets,
                    weights: [Float](repeating: 1 / Float(count), count: count))
                return (loss, Double(loss.scalar))
            }[0]
            let norm = optimizer.step(
                gradients, learningRate: Float(try #require(row["learning_rate"])),
                maximumNorm: options.maxGradientNorm)
            #expect(abs(try #require(row["loss"]) - loss) <= 1e-5, "step \(row.step)")
            #expect(abs(try #require(row["grad_norm"]) - Double(norm)) <= 1e-4, "step \(row.step)")
        }
    }

    @Test("with frozen layers a resumed run has the bits of one that was not", arguments: [1, 4])
    func frozenResume(stop: Int) throws {
        let trainer = SupervisedTrainer(options: options(frozenLayers: 1))
        let examples = Toy.examples(20)
        let uninterrupted = RunRecord()
        _ = trainer.train(
            .toy(), on: examples, report: uninterrupted.report(keepingCheckpoints: true))
        let checkpoint = uninterrupted.checkpoints[stop - 1]
        let resumed = RunRecord()
        _ = trainer.train(
            .toy(seed: 99), on: examples, resume: checkpoint,
            report: resumed.report(keepingCheckpoints: true))
        #expect(sameBits(resumed.rows, Array(uninterrupted.rows[stop...])))
        #expect(resumed.checkpoints.last == uninterrupted.checkpoints.last)
    }

    @Test("learning by heart is said, and said again by a resumed run")
    func health() throws {
        // Few rows to learn, and others with which they have nothing in common.
        let heldOut = Toy.examples(20).map {
            TokenizedExample(prompt: $0.prompt, completion: $0.completion.reversed())
        }
        var options = options(.steps(40), learningRate: 0.02)
        options.schedule = .constant
        let trainer = SupervisedTrainer(options: options, evaluationInterval: 2)
        let record = RunRecord()
        _ = trainer.train(
            .toy(), on: Toy.examples(6), heldOut: heldOut,
            report: record.report(keepingCheckpoints: true))
        #expect(record.warnings.map(\.cause) == [.overfitting])
        let resumed = RunRecord()
        _ = trainer.train(
            .toy(), on: Toy.examples(6), heldOut: heldOut, resume: record.checkpoints[38],
            history: Array(record.rows[..<39]), report: resumed.report())
        #expect(resumed.warnings == record.warnings)
    }

    @Test("a loss that is no number any more ends the run in order, and is named")
    func divergence() {
        let model = LanguageModel.toy()
        let norm = model.parameters.parameters.last { $0.name.hasSuffix("ln_f.weight") }
        if let norm {
            model.parameters.assign([Float](repeating: .nan, count: 16), to: norm)
        }
        let before = model.parameters.flatValues.map(\.bitPattern)
        let record = RunRecord()
        let outcome = SupervisedTrainer(options: options()).train(
            model, on: Toy.examples(20), report: record.report())
        #expect(outcome == .diverged(step: 1, metric: "loss"))
        #expect(record.rows.isEmpty)
        #expect(model.parameters.flatValues.map(\.bitPattern) == before)
    }

    @Test("a learning rate of a million is survived, whatever comes of it")
    func hugeLearningRate() {
        var wild = options(.steps(8), learningRate: 1e6)
        wild.schedule = .constant
        wild.warmupSteps = 0
        let record = RunRecord()
        let outcome = SupervisedTrainer(options: wild).train(
            .toy(), on: Toy.examples(20), report: record.report())
        switch outcome {
        case .diverged(let step, _): #expect(record.rows.count == step - 1)
        default: #expect(record.values("loss").contains { $0 > 1000 })
        }
    }

    @Test("every metric it reports is in the catalogue")
    func catalogue() {
        let record = RunRecord()
        _ = SupervisedTrainer(options: options(.steps(1))).train(
            .toy(), on: Toy.examples(6), heldOut: Toy.examples(2), report: record.report())
        for entry in record.rows[0].entries {
            #expect(Metric.named(entry.key) != nil, "\(entry.key)")
        }
    }
}
