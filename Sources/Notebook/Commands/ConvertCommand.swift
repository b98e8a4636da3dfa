public import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `convert`: a data file in another form.
struct ConvertCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write a data file in another form.",
        discussion: """
            TRL's forms: trl (the natural one: preferences where there are any), preference, \
            prompt-completion, unpaired-preference, prompt-only, conversational. Others': hh-rlhf, \
            alpaca, alpaca-preference, openai-comparisons, openai-preference, arena-battles, \
            ultrafeedback, label-studio. Ours: pair-list, ranking, rated-completions, votes. Any of \
            them is read, and Label Studio's JSON_MIN, CSV and TSV too. Rows that the form cannot hold, and \
            values it has no place for, are counted with the reason. A name that ends in .json \
            makes one array, any other name JSON lines. Files of any size are converted part by \
            part; votes with --comparisons are read whole.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("A data file or, in a cell, a slot.", valueName: "file"))
    var source: String

    @Option(help: "The form to write.")
    var to: ConversionTarget

    @Option(help: ArgumentHelp("The file to write.", valueName: "FILE"))
    var out: String

    @Option(
        help: ArgumentHelp("Labelling configuration of a Label Studio export.", valueName: "FILE"))
    var config: String?

    @Option(
        help: ArgumentHelp("The pairs that a file of votes is about.", valueName: "FILE"))
    var comparisons: String?

    func execute(in context: CommandContext) throws {
        var whole = try context.wholeFile(source, configuration: config)
        if let comparisons {
            let pairs = try context.feedbackFile(comparisons).comparisons()
            whole = try (whole ?? context.feedbackFile(source)).judging(pairs)
        }
        var total = Totals()
        var memory = Conversion.Memory()
        let isArray = out.hasSuffix(".json")
        try FeedbackWriter.write(path: out, asArray: isArray) { (file) throws(FeedbackError) in
            try context.forEachPart(source, whole: whole, configuration: config) {
                (part) throws(FeedbackError) in
                let conversion = try Conversion(of: part, to: to, memory: &memory)
                try file.append(conversion.rows)
                total.add(conversion, of: part)
            }
            if total.rows == 0 { throw .nothingLeft(path: source, counts: total.counts) }
        }
        let rows = SentenceParts.count(total.rows, "row")
        context.console.say("\(rows) of \(total.path) written to \(out) as \(to.rawValue)")
        if let counts = CountsView.table(total.counts) { context.console.show(counts) }
        let notCarried = total.lost + total.unread
        if !notCarried.isEmpty {
            let names = notCarried.map { "\($0.name) (\(SentenceParts.count($0.rows, "row")))" }
            context.console.say(
                "no place for: \(names.joined(separator: ", "))", .warning)
        }
        context.console.emit([
            "path": .string(total.path), "to": .string(to.rawValue), "out": .string(out),
            "rows": .integer(total.rows), "counts": total.counts.json,
            "lost": .object(JSONObject(notCarried.map { ($0.name, .integer($0.rows)) })),
        ])
    }
}

/// What the parts of a conversion add up to.
private struct Totals {
    var path = ""
    var rows = 0
    var lost: [ColumnCount] = []
    var unread: [ColumnCount] = []
    var counts: [ReasonCount] = []

    mutating func add(_ conversion: Conversion, of part: FeedbackFile) {
        path = part.path
        rows += conversion.rows.count
        counts = ReasonCount.sum(counts, conversion.counts)
        lost = ColumnCount.sum(lost, conversion.lost)
        unread = ColumnCount.sum(unread, part.unreadColumns)
    }
}

extension ConversionTarget: ExpressibleByArgument {}
