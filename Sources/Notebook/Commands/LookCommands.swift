import ArgumentParser
import HumanFeedback
import TerminalUI

/// `:show`: what is in a slot, or a cell as it was.
struct ShowCommand: PagedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the slots, what one of them holds, or a cell with its outputs.")
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A slot, or the number of a cell; nothing lists the slots.")
    var slot: String?

    @Option(help: ArgumentHelp("Rows to show.", valueName: "N"))
    var count = 3

    func validate() throws {
        if count < 1 { throw ValidationError("--count is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        let workspace = context.workspace
        guard let slot else {
            let rows = try workspace.names.map { name -> [String] in
                if let digest = workspace.digest(of: name),
                    context.notebook?.isAvailable(digest) == false
                {
                    return [name, "not kept in this session", ""]
                }
                let artifact = try context.artifact(name, slots: [], option: "a slot")
                return [name, artifact.kind, artifact.size]
            }
            if rows.isEmpty { context.console.say("all slots are empty; :load fills one") }
            if !rows.isEmpty {
                context.console.show(Table(headers: ["slot", "holds", "size"], rows: rows))
            }
            return
        }
        if let number = Int(slot) { return try CellView(number, context).show() }
        let artifact = try context.artifact(slot, slots: [], option: "a slot")
        context.console.say("\(slot): \(artifact.size), \(artifact.kind)", .strong)
        for fields in rows(of: artifact) { context.console.show(KeyValueList(fields)) }
    }

    /// The first rows; only these are made, since a slot may hold millions.
    private func rows(of artifact: Artifact) -> [[(String, String)]] {
        switch artifact {
        case .demonstrations(let rows):
            rows.prefix(count).map { [("prompt", $0.prompt), ("completion", $0.completion)] }
        case .prompts(let rows): rows.prefix(count).map { [("prompt", $0.text)] }
        case .pairs(let rows):
            rows.prefix(count).map {
                [("prompt", $0.prompt), ("chosen", $0.chosen), ("rejected", $0.rejected)]
            }
        case .labelledCompletions(let rows):
            rows.prefix(count).map {
                [
                    ("prompt", $0.prompt), ("completion", $0.completion),
                    ("verdict", $0.isGood ? "good" : "bad"),
                ]
            }
        case .ratings(let rows):
            rows.map {
                [
                    ("prompt", $0.prompt), ("completion", $0.completion),
                    ("rating", formatted($0.rating, significantDigits: 3)),
                ]
            }
        case .comparisons(let rows):
            rows.prefix(count).map {
                [("prompt", $0.prompt), ("left", $0.left), ("right", $0.right)]
            }
        case .votes(let rows): rows.prefix(count).map { Self.fields(of: $0) }
        case .rules(let rules, _): [[("rules", rules.ruleNames.joined(separator: ", "))]]
        case .tokenizer, .model: []
        }
    }

    /// What a vote says, without what nobody said.
    private static func fields(of vote: Vote) -> [(String, String)] {
        let strength = vote.strength.map { ", strength \(formatted($0, decimals: 2))" } ?? ""
        let fields: [(String, String?)] = [
            ("pair", vote.comparisonID),
            ("annotator", vote.annotator + (vote.isSimulated ? " (simulated)" : "")),
            ("verdict", vote.verdict.rawValue + strength),
            ("criterion", vote.criterion),
            ("seconds", vote.seconds.map { formatted($0, decimals: 1) }),
            ("asked for", vote.selection), ("note", vote.note),
            ("marks", marks(of: vote)),
        ]
        return fields.compactMap { name, text in text.map { (name, $0) } }
    }

    private static func marks(of vote: Vote) -> String? {
        let marks = [
            (vote.isFlagged, "flagged"), (vote.isRepeat, "asked again"),
            (vote.isGroundTruth, "ground truth"),
        ].filter(\.0).map(\.1)
        return marks.isEmpty ? nil : marks.joined(separator: ", ")
    }
}
