import ArgumentParser
import HumanFeedback
import LanguageModels
import OrderedJSON
import TerminalUI

/// `generate`: completions of many prompts.
struct GenerateCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Generate completions of prompts.",
        discussion: """
            In a cell, two answers to each prompt (--n 2) become pairs to compare in the slot \
            comparisons; any other number becomes rows in the slot completions. In the shell every \
            row {"prompt", "completion", "stop_reason"} goes to --out. With --best-of N each of them is \
            the one of N answers that the reward model likes best (Stiennon et al. 2020, \
            arXiv:2009.01325), with its "score"; `train sft` on such rows is rejection-sampling \
            fine-tuning in one round, `train rft` in many.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var sampling: SamplingArguments
    @OptionGroup var best: BestOfArguments

    @Option(help: ArgumentHelp("Model folder or slot.", valueName: "DIR"))
    var model: String?

    @Option(help: ArgumentHelp("Prompt rows or slot.", valueName: "FILE"))
    var prompts: String?

    @Option(help: ArgumentHelp("Completions of each prompt.", valueName: "N"))
    var n = 1

    @Option(
        help: ArgumentHelp("Pairs of completions of each prompt, for comparing.", valueName: "N"))
    var pairs: Int?

    @Option(help: ArgumentHelp("Prompts decoded together.", valueName: "N"))
    var batchSize = 64

    @Option(help: ArgumentHelp("Use only the first N prompts.", valueName: "N"))
    var limit: Int?

    @Option(help: ArgumentHelp("Slot for the result, in a cell.", valueName: "SLOT"))
    var into: String?

    @Option(help: ArgumentHelp("File to write the rows to.", valueName: "FILE"))
    var out: String?

    func validate() throws {
        if n < 1 { throw ValidationError("--n is at least 1") }
        if batchSize < 1 { throw ValidationError("--batch-size is at least 1") }
        if let pairs, pairs < 1 { throw ValidationError("--pairs is at least 1") }
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        try context.requireInShell(
            ("--model DIR", model), ("--prompts FILE", prompts), ("--out FILE", out))
        let loaded = try context.model(model, slots: ["policy", "sft"])
        var rows = try context.prompts(prompts)
        if let limit { rows = Array(rows.prefix(limit)) }
        let makesPairs = pairs != nil || (context.cell != nil && n == 2)
        let chooser = try best.chooser(for: loaded, context)
        let count = (pairs.map { 2 * $0 } ?? n) * (chooser?.size ?? 1)
        let progress = ProgressView(
            context, title: "generate", total: rows.count * count, unit: "completion")
        let all = try Answering(
            loaded: loaded, sampling: sampling.parameters, maxNewTokens: sampling.maxNewTokens,
            settings: context.settings
        ).answers(
            to: rows.map(\.text), count: count, batchSize: batchSize,
            progress: { progress.update($0) })
        progress.finish()
        let picked = chooser?.best(of: all)
        let answers = picked?.map(\.answer) ?? all
        let lines = answers.indices.map { answers[$0].json(score: picked?[$0].score) }
        if let out { try FeedbackWriter.write(FeedbackWriter.jsonLines(lines), path: out) }
        for line in lines { context.console.emit(line) }
        if context.cell != nil {
            if makesPairs {
                try keepPairs(answers, rows, context)
            } else {
                try keepRows(answers, context)
            }
        } else {
            context.console.say("\(formatted(count: answers.count)) completions")
        }
        if let chooser, let picked {
            context.console.say(chooser.sentence(picked.map(\.score)), .dim)
        }
    }

    private func keepPairs(
        _ answers: [Answering.Answer], _ prompts: [Prompt], _ context: CommandContext
    ) throws {
        var comparisons: [Comparison] = []
        var identical = 0
        let perPrompt = pairs.map { 2 * $0 } ?? n
        for place in stride(from: 0, to: answers.count - 1, by: 2) {
            let (left, right) = (answers[place], answers[place + 1])
            if left.completion == right.completion {
                identical += 1
                continue
            }
            comparisons.append(
                Comparison(
                    prompt: left.prompt, left: left.completion, right: right.completion,
                    promptID: prompts[place / perPrompt].id))
        }
        guard !comparisons.isEmpty else {
            throw CommandError("all answers were the same in pairs; raise --temperature")
        }
        try context.write(.comparisons(comparisons), slot: into ?? "comparisons")
        context.console.say(
            "\(formatted(count: comparisons.count)) pairs to compare"
                + (identical > 0 ? "; \(identical) pairs of identical answers left out" : ""))
    }

    private func keepRows(_ answers: [Answering.Answer], _ context: CommandContext) throws {
        let rows = answers.map { Demonstration(prompt: $0.prompt, completion: $0.completion) }
        try context.write(.demonstrations(rows), slot: into ?? "completions")
        let ended = answers.count { $0.stopReason == .endOfText }
        context.console.say(
            "\(formatted(count: rows.count)) completions, \(formatted(count: ended)) of them ended by "
                + "themselves")
    }
}
