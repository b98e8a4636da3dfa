import Alignment
import ArgumentParser
import Autograd
import HumanFeedback
import LanguageModels
import TerminalUI

/// `train orpo`: supervised training and preferences in one stage.
struct TrainORPOCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "orpo", abstract: "ORPO on preference pairs, without a reference model.",
        discussion: """
            Hong et al. 2024 (arXiv:2403.07691): the chosen answers are learned as in supervised \
            training, and a term β −log σ(log odds ratio) makes the rejected ones less likely; odds are \
            those of an answer's mean token. There is no reference model and no reward model, so it may \
            start from a model that has not been fine-tuned; the paper's β is 0.1 to 1. To one that has \
            been, the supervised part has little to teach, and a larger β lets the comparison count \
            (tutorial 05 has 16). As in the authors' code and TRL's, the supervised part counts the \
            prompt's tokens too. Unlike TRL's, weights of pairs count, and logps are sums over an \
            answer. In a cell it reads the slots sft and pairs and writes policy.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var training: TrainingArguments

    @Option(help: ArgumentHelp("Model folder or slot to start from.", valueName: "DIR"))
    var model: String?

    @Option(help: ArgumentHelp("Preference rows.", valueName: "FILE"))
    var pairs: String?

    @Option(
        help: ArgumentHelp("What the odds-ratio term counts: λ in the paper.", valueName: "X"))
    var beta: Float = 0.1

    @OptionGroup var evaluation: HeldOutArguments

    static let defaults = TrainingDefaults(epochs: 1, batchSize: 8, learningRate: 8e-6)

    func validate() throws {
        if !(beta >= 0 && beta.isFinite) { throw ValidationError("--beta is at least 0") }
    }

    func execute(in context: CommandContext) throws {
        try context.requireInShell(
            ("--out DIR", training.out), ("--model DIR", model), ("--pairs FILE", pairs))
        if let out = training.out { try ArtifactWriter.requireWritable(out) }
        let rows = try context.pairs(pairs)
        let start = try context.model(model, slots: ["sft"])
        let policy = try training.trainable(start, heads: [], settings: context.settings)
        let options = training.options(
            defaults: Self.defaults, layers: policy.configuration.layerCount,
            settings: context.settings)
        let split = PromptSplit(
            rows, heldOutFraction: evaluation.evalFraction, seed: context.settings.seed)
        let encoder = ExampleEncoder(start, maxLength: training.maxLength)
        let trainingPairs = try encoder.pairs(split.training)
        let heldOut = try encoder.pairs(split.heldOut)
        encoder.reportCuts(context.console)
        context.reportConfidence(rows, method: "orpo")
        encoder.reportIdentical(trainingPairs + heldOut, context.console)
        guard !trainingPairs.isEmpty else {
            throw CommandError("no pairs are left to train on; lower --eval-fraction or add pairs")
        }
        try context.requireMemory(
            .orpo(
                policy: ModelSizes(policy), options: options, pairs: trainingPairs,
                heldOut: heldOut), for: "orpo")

        let run = try TrainingRun(
            context, title: "orpo", arguments: training,
            fields: [
                ("loss", "loss"), ("rewards/accuracies", "acc"), ("log_odds_chosen", "log odds"),
                ("eval/accuracy", "held-out"),
            ])
        let trainer = ORPOTrainer(
            options: options, beta: beta, evaluationInterval: evaluation.evalEvery)
        _ = try run.perform { resume, history, report in
            trainer.train(
                policy, on: trainingPairs, heldOut: heldOut, resume: resume, history: history,
                report: report)
        }
        let result = LoadedModel(model: policy, tokenizer: start.tokenizer)
        try context.write(.model(result), slot: training.into ?? "policy", out: training.out)
        run.summarize(
            first: [("trained on", "\(formatted(count: trainingPairs.count)) pairs")],
            metrics: [
                ("loss", "last loss"), ("nll_loss", "supervised loss"),
                ("log_odds_chosen", "log odds ratio"), ("eval/accuracy", "held-out accuracy"),
            ])
    }
}
