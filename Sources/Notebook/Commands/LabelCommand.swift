import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `:label`: a person says which answers are better, one key each, blind and in random order.
struct LabelCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "label", abstract: "Judge answers by hand, one key each.",
        discussion: """
            Pairs come from the slot comparisons, in random order and with sides at random; pairs this \
            annotator has judged by this criterion are left out. Preference pairs are asked again, \
            without a trace of their verdict. Keys: l left, r right, 1 to 7 also say \
            how much, t tie, b both bad, s skip, u undo, p back, f flag, n note, ? instructions, q quit; \
            every answer is on disk at once. Votes are added to the slot votes. --mode rank orders all \
            answers to a prompt, thumbs and rating judge each answer by itself, write asks for \
            demonstrations in your editor. Where nobody can type, --answers gives recorded answers, \
            said to be recorded. --select asks first what would teach most: uncertain is where the \
            reward model sees hardly a difference; disagreement and information are where heads that \
            learn from the votes so far differ. A share stays random, and every vote says why its pair \
            was asked.
            """)
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Pairs to judge (slot comparisons).", valueName: "FILE"))
    var comparisons: String?

    @Option(help: ArgumentHelp("Questions to ask.", valueName: "N"))
    var count = 5

    @Option(name: .customLong("as"), help: ArgumentHelp("The annotator's name.", valueName: "NAME"))
    var annotator = "me"

    @Option(
        help: ArgumentHelp("What to judge by: helpful, honest, harmless, ...", valueName: "WORD"))
    var criterion = "helpful"

    @Option(help: "How to judge: pair, rank, thumbs, rating or write.")
    var mode: Mode = .pair

    @Option(
        help: ArgumentHelp(
            "Instructions and scales of your own, in JSON; --write-criteria gives you a start.",
            valueName: "FILE"))
    var criteria: String?

    @Option(
        help: ArgumentHelp("Write the instructions that are used to a file.", valueName: "FILE"))
    var writeCriteria: String?

    @Option(
        help: ArgumentHelp(
            "Share of questions whose answer is known: pairs with a vote marked ground_truth.",
            valueName: "X"))
    var goldRate = 0.0

    @Option(
        help: ArgumentHelp(
            "Share of questions asked again, with the sides exchanged.", valueName: "X"))
    var repeatRate = 0.0

    @Option(
        help: ArgumentHelp(
            "Which pairs first: random, uncertain, disagreement or information.",
            valueName: "RULE"))
    var select: PairSelection?

    @Option(help: ArgumentHelp("Model that chooses (slot reward, or sft).", valueName: "DIR"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Share of the pairs that --select leaves to chance, for fair estimates (0.2).",
            valueName: "X"))
    var randomShare: Double?

    @Option(
        help: ArgumentHelp(
            "Recorded answers for a script: l, r, t, b, s or 1 to 7, with commas.",
            valueName: "LIST"))
    var answers: String?

    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case pair, rank, thumbs, rating, write

        /// Nil for writing, which judges nothing.
        var judging: LabellingMode? { LabellingMode(rawValue: rawValue) }
    }

    func validate() throws {
        if count < 1 { throw ValidationError("--count is at least 1") }
        for (name, rate) in [
            ("--gold-rate", goldRate), ("--repeat-rate", repeatRate),
            ("--random-share", randomShare ?? 0),
        ] where !(0...1).contains(rate) {
            throw ValidationError("\(name) is between 0 and 1")
        }
        if select == nil, randomShare != nil || model != nil {
            throw ValidationError("--random-share and --model belong to --select")
        }
        if select != nil, mode == .rank || mode == .write {
            throw ValidationError("--select chooses pairs: --mode pair, thumbs or rating")
        }
        if comparisons != nil, mode == .write {
            throw ValidationError("--mode write asks for demonstrations; it takes no --comparisons")
        }
        if goldRate + repeatRate > 1 {
            throw ValidationError("--gold-rate and --repeat-rate are together at most 1")
        }
    }

    func execute(in context: CommandContext) throws {
        if let writeCriteria { return try writeInstructions(to: writeCriteria, context) }
        guard let mode = mode.judging else { return try write(in: context) }
        let comparisons = try context.comparisons(self.comparisons)
        let votes = try context.votes(nil)
        let instructions = try readInstructions(context)
        var desk = LabellingDesk(
            items: try questions(comparisons, votes, mode, context), annotator: annotator,
            criterion: instructions.criterion(criterion), mode: mode)
        let key = context.cell?.nextAnswersKey() ?? "answers"
        let draft = context.draft(key)
        let new: [Vote]
        if let recorded = context.cell?.details[key]?.arrayValue {
            // A replay: the answers are what the person gave when the cell was recorded.
            new = try recorded.map { json throws(RowProblem) in try Vote(json: json) }
        } else if let editor = context.notebook?.editor {
            let kept = try draft?.read() ?? []
            desk.restore(kept)
            new = try LabellingScreen(
                desk, criteria: instructions, editor: editor, console: context.console,
                keep: { try draft?.keep($0) }
            ).run()
        } else if let answers {
            new = try desk.recorded(answers)
            // A remark, not a result: the replay of the cell has its answers from the record.
            context.console.remark(
                Paragraph("nobody is at the keyboard: \(new.count) recorded answers are used", .dim)
            )
        } else {
            throw CommandError(
                "labelling needs a person at a terminal; in a script give recorded answers: --answers "
                    + "l,r,t")
        }
        context.cell?.details[key] = .array(new.map(\.json))
        try finish(new, votes, comparisons, mode, context)
    }

    private func questions(
        _ comparisons: [Comparison], _ votes: [Vote], _ mode: LabellingMode,
        _ context: CommandContext
    ) throws -> [LabellingItem] {
        if mode == .rank {
            let groups = LabellingGroup.groups(of: comparisons)
            let large = groups.count { $0.answers.count > LabellingGroup.mostAnswers }
            if large > 0 {
                context.console.say(
                    "\(SentenceParts.count(large, "prompt")) with more than "
                        + "\(LabellingGroup.mostAnswers) answers left out: a key ranks one answer",
                    .warning)
            }
            return LabellingQueue(
                groups: groups, earlier: votes,
                annotator: annotator, criterion: criterion, count: count,
                seed: context.settings.seed
            ).items
        }
        var chosen: [(comparison: Comparison, reason: String)]?
        if let select {
            let done = LabellingQueue.judged(by: annotator, criterion, votes)
            chosen = try context.choose(
                select, from: comparisons.filter { !done.contains($0.id) },
                comparisons: comparisons, votes: votes, criterion: criterion, model: model,
                randomShare: randomShare ?? 0.2)
        }
        return LabellingQueue(
            comparisons: comparisons, earlier: votes, annotator: annotator, criterion: criterion,
            count: count, seed: context.settings.seed,
            mixture: .init(gold: goldRate, repeats: repeatRate), chosen: chosen
        ).items
    }

    /// Writes the votes, and the comparisons they are about where the slot has them not: those of a file
    /// and those that a ranking made; says how many.
    private func finish(
        _ new: [Vote], _ votes: [Vote], _ comparisons: [Comparison], _ mode: LabellingMode,
        _ context: CommandContext
    ) throws {
        var pairs = comparisons
        if self.comparisons != nil, context.has("comparisons") {
            pairs = try context.comparisons(nil)
            let known = Set(pairs.map(\.id))
            pairs += comparisons.filter { !known.contains($0.id) }
        }
        if mode == .rank { pairs += ranked(by: new, comparisons, beside: pairs) }
        if self.comparisons != nil || pairs.count > comparisons.count {
            try context.write(.comparisons(pairs), slot: "comparisons")
        }
        try context.write(.votes(votes + new), slot: "votes")
        context.console.say(
            new.isEmpty
                ? "no votes"
                : "\(SentenceParts.count(new.count, "vote")) by \(annotator): "
                    + LabellingEnd.counts(of: new).joined(separator: ", "))
    }

    /// The comparisons that a ranking implies and nobody has yet.
    private func ranked(
        by votes: [Vote], _ comparisons: [Comparison], beside all: [Comparison]
    ) -> [Comparison] {
        let voted = Set(votes.map(\.comparisonID))
        let known = Set(all.map(\.id))
        var new: [Comparison] = []
        for group in LabellingGroup.groups(of: comparisons) {
            for first in group.answers.indices {
                for second in group.answers.indices where first < second {
                    let comparison = group.comparison(first, second).comparison
                    if voted.contains(comparison.id), !known.contains(comparison.id) {
                        new.append(comparison)
                    }
                }
            }
        }
        return new
    }

    private func readInstructions(_ context: CommandContext) throws -> LabellingCriteria {
        guard let criteria else { return .standard }
        let path = context.resolve(criteria)
        do {
            return try LabellingCriteria(json: try JSON(parsing: try Files.read(path)))
        } catch let problem as RowProblem {
            throw CommandError("\(criteria): \(FeedbackSentences.sentence(problem)); mend the file")
        } catch let error as JSONError {
            throw CommandError(
                "\(criteria):\(error.line):\(error.column): not JSON: \(error.problem); mend the file"
            )
        } catch let error as PosixError {
            throw CommandError.reading(error)
        }
    }

    private func writeInstructions(to path: String, _ context: CommandContext) throws {
        let bytes: [UInt8]
        do {
            if let criteria {
                bytes = try Files.read(context.resolve(criteria))
            } else {
                bytes = Array(LabellingCriteria.standardText.utf8)
            }
            try Files.replace(path, with: bytes)
        } catch { throw CommandError.writing(error) }
        context.console.say("the instructions are in \(path); use them with --criteria \(path)")
    }
}

extension CommandContext {
    /// Where the answers of the running cell are kept while a person gives them.
    func draft(_ key: String) -> LabellingDraft? {
        guard let cell, let notebook else { return nil }
        return LabellingDraft(in: notebook.folder.path, cell: cell, key: key)
    }
}
