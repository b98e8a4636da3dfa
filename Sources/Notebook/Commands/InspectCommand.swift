import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `inspect`: what a data file or a slot holds, at a glance.
struct InspectCommand: PagedCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what a data file or a slot holds.",
        discussion: """
            The form is told from the first row: prompts, demonstrations, preference pairs, pairs \
            to compare, votes, rankings, thumbs, ratings, a Label Studio export. Rows that could not be read are \
            counted by reason. Lengths are in characters.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("A data file or, in a cell, a slot.", valueName: "file"))
    var source: String

    @Option(
        help: ArgumentHelp("Labelling configuration of a Label Studio export.", valueName: "FILE"))
    var config: String?

    @Option(help: ArgumentHelp("Rows to show.", valueName: "N"))
    var samples = 3

    func validate() throws {
        if samples < 0 { throw ValidationError("--samples is at least 0") }
    }

    func execute(in context: CommandContext) throws {
        let file = try context.feedbackFile(source, configuration: config)
        let inspection = Inspection(of: file, sampleCount: samples)
        InspectionView(inspection).show(context.console)
        context.console.emit(inspection.json)
    }
}

/// An inspection as tables.
struct InspectionView {
    let inspection: Inspection

    init(_ inspection: Inspection) { self.inspection = inspection }

    func show(_ console: Console) {
        console.show(facts)
        if !inspection.columns.isEmpty { console.show(columns) }
        if !inspection.annotators.isEmpty { console.show(annotators) }
        if let counts = CountsView.table(inspection.counts) { console.show(counts) }
        if !inspection.unreadColumns.isEmpty {
            let names = inspection.unreadColumns.map {
                "\($0.name) (\(SentenceParts.count($0.rows, "row")))"
            }
            console.say(
                "columns that are not read: " + SentenceParts.list(names, limit: 12), .warning)
        }
        for (index, fields) in inspection.samples.enumerated() {
            console.show(
                Stack([
                    Paragraph("row \(index + 1)", .title),
                    KeyValueList(fields.map { ($0.name, Self.excerpt($0.text)) }),
                ]))
        }
    }

    private var facts: KeyValueList {
        var facts = [
            ("file", inspection.path), ("form", inspection.shape.rawValue),
            ("rows", formatted(count: inspection.rowCount)),
        ]
        if let prompts = inspection.distinctPrompts {
            facts.append(("different prompts", formatted(count: prompts)))
        }
        if let votes = inspection.voteCount { facts.append(("votes", formatted(count: votes))) }
        if !inspection.verdicts.isEmpty {
            let verdicts = inspection.verdicts.map {
                "\($0.verdict.rawValue) \(formatted(count: $0.count))"
            }
            facts.append(("verdicts", verdicts.joined(separator: ", ")))
        }
        if let labels = inspection.labels {
            facts.append(
                (
                    "labels",
                    "good \(formatted(count: labels.good)), bad \(formatted(count: labels.bad))"
                ))
        }
        if let ratings = inspection.ratings {
            func text(_ rating: Double) -> String {
                Int(exactly: rating).map(String.init) ?? formatted(rating, significantDigits: 3)
            }
            facts.append(
                (
                    "ratings",
                    "\(formatted(count: ratings.count)), \(formatted(count: ratings.distinct)) "
                        + "different ones from \(text(ratings.minimum)) to \(text(ratings.maximum)), "
                        + "mean \(text(ratings.mean))"
                ))
        }
        return KeyValueList(facts)
    }

    private var columns: Table {
        Table(
            headers: ["column", "shortest", "median", "longest"],
            rows: inspection.columns.map {
                [
                    $0.name, formatted(count: $0.minimum),
                    formatted($0.median, decimals: $0.median == $0.median.rounded() ? 0 : 1),
                    formatted(count: $0.maximum),
                ]
            })
    }

    private var annotators: Table {
        Table(
            headers: ["annotator", "votes", ""],
            rows: inspection.annotators.map {
                [$0.name, formatted(count: $0.votes), $0.isSimulated ? "simulated" : ""]
            })
    }

    /// The start of a long text.
    private static func excerpt(_ text: String) -> String {
        let limit = 400
        return text.count > limit ? text.prefix(limit) + "…" : text
    }
}
