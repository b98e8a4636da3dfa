import ArgumentParser
import OrderedJSON
import TerminalUI

/// `export`: a session as a document.
struct ExportCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a session as a Jupyter notebook, a web page or Markdown.",
        discussion: """
            The prose of the tutorial stands between the cells where the session follows one. \
            Markdown is a tutorial itself: `rlhf run` makes the session again from it. The web \
            page needs nothing else.
            """)
    static var place: CommandPlace { .everywhere }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The session's folder; at the prompt the session that is open.")
    var session: String?

    @Option(help: "ipynb, html or md; the ending of --out where nothing is said.")
    var to: Format?

    @Option(help: ArgumentHelp("The file to write.", valueName: "FILE"))
    var out: String

    enum Format: String, ExpressibleByArgument, CaseIterable { case ipynb, html, md }

    func execute(in context: CommandContext) throws {
        let ending = out.split(separator: ".").last.map(String.init) ?? ""
        guard let format = to ?? Format(rawValue: ending) else {
            throw CommandError.usage(
                "--to ipynb, html or md is needed; \"\(out)\" does not say which")
        }
        let folder = try folder(context)
        if let damage = folder.damage {
            context.console.complain(
                "the journal is damaged from line \(damage.line) on; cells after it are left out",
                .warning)
        }
        let export = SessionExport(
            info: folder.info, cells: folder.cells, tutorial: tutorial(of: folder, context),
            render: OutputText.text)
        let text =
            switch format {
            case .ipynb: export.notebook
            case .html: export.html
            case .md: export.markdown
            }
        do { try Files.replace(out, with: Array(text.utf8)) } catch {
            throw CommandError.writing(error)
        }
        let cells = folder.cells.count
        context.console.say("\(SentenceParts.count(cells, "cell")) written to \(out)", .good)
        context.console.emit([
            "session": .string(folder.info.name), "to": .string(format.rawValue),
            "out": .string(out),
            "cells": .integer(cells),
        ])
    }

    private func folder(_ context: CommandContext) throws -> SessionFolder {
        if let session { return try SessionFolder.open(at: session, for: .reading) }
        if let notebook = context.notebook { return notebook.folder }
        throw CommandError.usage("the folder of a session is needed: rlhf export DIR --out FILE")
    }

    /// The tutorial that the session follows, where its file is still what it was.
    private func tutorial(of folder: SessionFolder, _ context: CommandContext) -> TutorialDocument?
    {
        guard let reference = folder.info.tutorial else { return nil }
        guard let document = try? TutorialDocument.read(path: reference.path) else {
            context.console.complain(
                "\(reference.path), which the session follows, cannot be read; the document has "
                    + "the cells without the prose", .warning)
            return nil
        }
        if document.digest != reference.digest {
            context.console.complain(
                "\(reference.path) was changed since the session was made; its prose is the new "
                    + "one",
                .warning)
        }
        return document
    }
}

/// A recorded output as plain text, at the width and without the colours it was recorded with.
enum OutputText {
    static func text(_ output: CellOutput) -> String {
        switch output.content {
        case .text(let text), .error(let text): text
        case .table(let table): self.table(table).text(capabilities: Console.recorded)
        case .plot(let plot):
            PlotData(plot).drawing(canvas: .automatic).text(capabilities: Console.recorded)
        case .unknown(let json): json.text
        }
    }

    private static func table(_ json: JSON) -> any Renderable {
        let columns = (json["columns"]?.arrayValue ?? []).map { $0.stringValue ?? "" }
        let rows = (json["rows"]?.arrayValue ?? []).map { row in
            (row.arrayValue ?? []).map { cell in
                switch cell {
                case .string(let text): text
                case .number(let number): formatted(number, significantDigits: 4)
                case .null: ""
                default: cell.text
                }
            }
        }
        let table = Table(headers: columns, rows: rows)
        guard let title = json["title"]?.stringValue else { return table }
        return Stack([Paragraph(title, .title), table])
    }
}
