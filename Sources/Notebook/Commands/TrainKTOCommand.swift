import Alignment
public import ArgumentParser
import Autograd
import HumanFeedback
import LanguageModels
import TerminalUI

/// `train kto`: a policy straight from single answers that were found good or bad.
struct TrainKTOCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "kto", abstract: "KTO on single answers with a thumb up or down each.",
        discussion: """
            Ethayarajh et al. 2024 (arXiv:2402.01306): no pairs are needed, no reward model and no \
            sampling. --data has rows {"prompt", "completion", "label"}, or preference pairs, whose \
            chosen answers count as good and whose rejected ones as bad. A good answer is to become \
            likelier than answers in general have become (the KL, estimated from the batch's answers \
            to other prompts), a bad one less likely, by β a nat. --loss apo-zero leaves the KL out \
            (arXiv:2408.06266). Where good and bad answers are not equally many, the paper wants \
            desirable weight times good to be 1 to 4/3 times undesirable weight times bad; the run \
            says when they are not. Unlike TRL's, rows are shuffled, with answers to other prompts taken \
            from the batch at hand; weights and margins of pairs are not used. In a cell it reads the \
            slots sft and thumbs (or pairs) and writes policy.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var training: TrainingArguments

    @Option(help: ArgumentHelp("Model folder or slot to start from.", valueName: "DIR"))
    var model: String?

    @Option(help: ArgumentHelp("Frozen reference (default: the starting point).", valueName: "DIR"))
    var reference: String?

    @Option(help: ArgumentHelp("Answers with a label, or preference rows.", valueName: "FILE"))
    var data: String?

    @Option(help: "The loss: kto or apo-zero.")
    var loss = UnpairedLoss.kto

    @Option(help: ArgumentHelp("β: how strongly the reference holds.", valueName: "X"))
    var beta: Float = 0.1

    @Option(help: ArgumentHelp("What a good answer counts.", valueName: "X"))
    var desirableWeight: Float = 1

    @Option(help: ArgumentHelp("What a bad answer counts.", valueName: "X"))
    var undesirableWeight: Float = 1

    @OptionGroup var evaluation: HeldOutArguments

    static let defaults = TrainingDefaults(epochs: 1, batchSize: 8, learningRate: 1e-6)

    func validate() throws {
        if !(beta > 0 && beta.isFinite) { throw ValidationError("--beta is above 0") }
        for weight in [desirableWeight, undesirableWeight] where !(weight >= 0 && weight.isFinite) {
            throw ValidationError("--desirable-weight and --undesirable-weight are at least 0")
        }
        if let size = training.batchSize, size < 2, loss.hasReferencePoint {
            throw ValidationError(
                "--batch-size is at least 2 in KTO: the KL comes from the batch's answers to other "
                    + "prompts")
        }
    }

    func execute(in context: CommandContext) throws {
        try context.requireInShell(
            ("--out DIR", training.out), ("--model DIR", model), ("--data FILE", data))
        if let out = training.out { try ArtifactWriter.requireWritable(out) }
        let rows = try context.labelledCompletions(data)
        let start = try context.model(model, slots: ["sft"])
        let referenceModel = try reference.map {
            try context.model($0, slots: [], option: "--reference")
        }
        if let referenceModel {
            try context.requireSameTokens(start, referenceModel, as: "the reference")
        }
        let policy = try training.trainable(start, heads: [], settings: context.settings)
        let options = training.options(
            defaults: Self.defaults, layers: policy.configuration.layerCount,
            settings: context.settings)
        let split = PromptSplit(
            rows, heldOutFraction: evaluation.evalFraction, seed: context.settings.seed)
        let encoder = ExampleEncoder(start, maxLength: training.maxLength)
        let answers = try encoder.labelled(split.training)
        let heldOut = try encoder.labelled(split.heldOut)
        encoder.reportCuts(context.console)
        guard !answers.isEmpty else {
            throw CommandError("no rows are left to train on; lower --eval-fraction or add rows")
        }
        let good = answers.count(where: \.isGood)
        if let advice = balanceAdvice(good: good, bad: answers.count - good) {
            context.console.say(advice, .warning)
        }
        let frozen = referenceModel?.model ?? start.model
        try context.requireMemory(
            .kto(
                policy: ModelSizes(policy, beside: frozen), reference: ModelSizes(frozen),
                options: options, rows: answers, heldOut: heldOut), for: "kto")

        let run = try TrainingRun(
            context, title: "kto", arguments: training,
            fields: [
                ("loss", "loss"), ("kto/kl", "kl"), ("rewards/margins", "margin"),
                ("eval/accuracy", "held-out"),
            ])
        let trainer = KTOTrainer(
            options: options, loss: loss, beta: beta, desirableWeight: desirableWeight,
            undesirableWeight: undesirableWeight, evaluationInterval: evaluation.evalEvery)
        _ = try run.perform { resume, history, report in
            trainer.train(
                policy, reference: frozen, on: answers, heldOut: heldOut, resume: resume,
                history: history, report: report)
        }
        let result = LoadedModel(model: policy, tokenizer: start.tokenizer)
        try context.write(.model(result), slot: training.into ?? "policy", out: training.out)
        run.summarize(
            first: [
                ("good answers", formatted(count: good)),
                ("bad answers", formatted(count: answers.count - good)),
            ],
            metrics: [
                ("loss", "last loss"), ("kto/kl", "reference point, nats"),
                ("rewards/margins", "margin of implicit rewards"),
                ("eval/accuracy", "held-out accuracy"), ("eval/margin", "held-out margin"),
            ])
    }

    /// What the paper says of weights (section 4.3): λ_D n_D / λ_U n_U lies between 1 and 4/3.
    private func balanceAdvice(good: Int, bad: Int) -> String? {
        guard good > 0, bad > 0 else {
            return
                "all \(formatted(count: good + bad)) answers are \(bad == 0 ? "good" : "bad"); KTO "
                + "learns from both kinds"
        }
        let ratio =
            Double(desirableWeight) * Double(good) / (Double(undesirableWeight) * Double(bad))
        // Half as much room again on either side: people's data are never exact.
        if (0.75...1.75).contains(ratio) { return nil }
        let option =
            good < bad
            ? "--desirable-weight \(formatted(Double(bad) / Double(good), significantDigits: 2))"
            : "--undesirable-weight \(formatted(Double(good) / Double(bad), significantDigits: 2))"
        return
            "\(formatted(count: good)) good and \(formatted(count: bad)) bad answers at these weights "
            + "count \(formatted(ratio, significantDigits: 2)) to 1, and 1 to 4/3 is advised; consider "
            + option
    }
}

extension UnpairedLoss: ExpressibleByArgument {}
