import Alignment
import ArgumentParser
import Autograd
import HumanFeedback
import LanguageModels
import TerminalUI

/// `train dpo`: a policy straight from preference pairs.
struct TrainDPOCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "dpo", abstract: "Direct preference optimization on preference pairs.",
        discussion: """
            Rafailov et al. 2023 (arXiv:2305.18290): no reward model, no sampling; the policy is moved \
            until it finds the chosen answers likelier than the reference does, by β a nat. --loss \
            names the loss: sigmoid (DPO), smoothed (cDPO) and robust (arXiv:2403.00409) for pairs of \
            which a share --label-smoothing is the wrong way round, ipo (arXiv:2310.12036, \
            per token), hinge (SLiC, arXiv:2305.10425), length-normalized (arXiv:2411.15124), \
            apo-zero and apo-down (arXiv:2408.06266). --sft-coefficient adds the chosen answers' \
            cross-entropy (RPO, arXiv:2404.19733). Unlike TRL's, margins of pairs are not used and \
            weights are; the reference's log-probabilities are computed once a pair. In a cell it \
            reads the slots sft and pairs and writes policy.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var training: TrainingArguments
    @OptionGroup var method: DPOArguments

    @Option(help: ArgumentHelp("Model folder or slot to start from.", valueName: "DIR"))
    var model: String?

    @Option(help: ArgumentHelp("Frozen reference (default: the starting point).", valueName: "DIR"))
    var reference: String?

    @Option(help: ArgumentHelp("Preference rows.", valueName: "FILE"))
    var pairs: String?

    @OptionGroup var evaluation: HeldOutArguments

    static let defaults = TrainingDefaults(epochs: 1, batchSize: 8, learningRate: 1e-6)

    func execute(in context: CommandContext) throws {
        try context.requireInShell(
            ("--out DIR", training.out), ("--model DIR", model), ("--pairs FILE", pairs))
        if let out = training.out { try ArtifactWriter.requireWritable(out) }
        let rows = try context.pairs(pairs)
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
        let trainingPairs = try encoder.pairs(split.training)
        let heldOut = try encoder.pairs(split.heldOut)
        encoder.reportCuts(context.console)
        context.reportConfidence(rows, method: "dpo", remedy: " (--loss robust allows for errors)")
        encoder.reportIdentical(trainingPairs + heldOut, context.console)
        guard !trainingPairs.isEmpty else {
            throw CommandError("no pairs are left to train on; lower --eval-fraction or add pairs")
        }
        let frozen = referenceModel?.model ?? start.model
        try context.requireMemory(
            .dpo(
                policy: ModelSizes(policy, beside: frozen), reference: ModelSizes(frozen),
                options: options,
                pairs: trainingPairs, heldOut: heldOut), for: "dpo")

        let run = try TrainingRun(
            context, title: "dpo", arguments: training,
            fields: [
                ("loss", "loss"), ("rewards/accuracies", "acc"), ("rewards/margins", "margin"),
                ("eval/accuracy", "held-out"),
            ])
        let trainer = DPOTrainer(
            options: options, loss: method.preferenceLoss, beta: method.beta,
            sftCoefficient: method.sftCoefficient, evaluationInterval: evaluation.evalEvery)
        _ = try run.perform { resume, history, report in
            trainer.train(
                policy, reference: frozen, on: trainingPairs, heldOut: heldOut, resume: resume,
                history: history, report: report)
        }
        let result = LoadedModel(model: policy, tokenizer: start.tokenizer)
        try context.write(.model(result), slot: training.into ?? "policy", out: training.out)
        run.summarize(
            first: [("trained on", "\(formatted(count: trainingPairs.count)) pairs")],
            metrics: [
                ("loss", "last loss"), ("rewards/margins", "margin of implicit rewards"),
                ("eval/accuracy", "held-out accuracy"), ("eval/margin", "held-out margin"),
            ])
    }
}

extension CommandContext {
    /// Says of how many pairs more is known than a method uses.
    func reportConfidence(_ rows: [PreferencePair], method: String, remedy: String = "") {
        let doubted = rows.count { $0.confidence < 1 }
        if doubted == 0 { return }
        console.say(
            "\(formatted(count: doubted)) pairs say how sure their annotators were; \(method) takes every "
                + "pair as certain\(remedy)", .warning)
    }
}
