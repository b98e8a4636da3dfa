public import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `convert`: a data file in another form.
struct ConvertCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write a data file in another form.",
        discussion: """
            The forms have TRL's column names: trl (the natural one: preferences where there are \
            any), preference, prompt-completion, unpaired-preference, prompt-only. Rows no \
            trainer can use are left out and counted by reason. A name that ends in .json makes \
            one array, any other name JSON lines.
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

    func execute(in context: CommandContext) throws {
        let file = try context.feedbackFile(source, configuration: config)
        let conversion = try Conversion(of: file, to: to)
        guard !conversion.rows.isEmpty else {
            throw FeedbackError.nothingLeft(path: file.path, counts: conversion.counts)
        }
        let text =
            out.hasSuffix(".json")
            ? FeedbackWriter.jsonArray(conversion.rows) : FeedbackWriter.jsonLines(conversion.rows)
        try FeedbackWriter.write(text, path: out)
        let rows = SentenceParts.count(conversion.rows.count, "row")
        context.console.say("\(rows) of \(file.path) written to \(out) as \(to.rawValue)")
        if let counts = CountsView.table(conversion.counts) { context.console.show(counts) }
        context.console.emit([
            "path": .string(file.path), "to": .string(to.rawValue), "out": .string(out),
            "rows": .integer(conversion.rows.count), "counts": conversion.counts.json,
        ])
    }
}

extension ConversionTarget: ExpressibleByArgument {}
