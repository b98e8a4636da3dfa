import ArgumentParser
import OrderedJSON
import TerminalUI

/// `export`: a session as a document, or a tutorial in another form.
struct ExportCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a session as a notebook, a web page, Markdown or a recording.",
        discussion: """
            The prose of the tutorial stands between the cells where the session follows one. \
            Markdown and Jupyter notebooks are tutorials themselves: `rlhf run` makes the session \
            again from them. The web page needs nothing else; a recording (asciicast) is played by \
            asciinema. A session that is open elsewhere can be exported too. In place of a session a \
            tutorial can be given, `rlhf export LESSON.md --out LESSON.ipynb`, and back.
            """)
    static var place: CommandPlace { .everywhere }

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: "A session's folder or a tutorial; at the prompt the session that is open.",
        completion: .file())
    var session: String?

    @Option(help: "ipynb, html, md or cast; the ending of --out where nothing is said.")
    var to: Format?

    @Option(help: ArgumentHelp("The file to write.", valueName: "FILE"))
    var out: String

    enum Format: String, ExpressibleByArgument, CaseIterable { case ipynb, html, md, cast }

    func execute(in context: CommandContext) throws {
        let ending = out.split(separator: ".").last.map(String.init) ?? ""
        guard let format = to ?? Format(rawValue: ending) else {
            throw CommandError.usage(
                "--to ipynb, html, md or cast is needed; \"\(out)\" does not say which")
        }
        let source = try source(context)
        let text = try text(of: source, format)
        do { try Files.replace(out, with: Array(text.utf8)) } catch {
            throw CommandError.writing(error)
        }
        let count = source.export.cells.count
        context.console.say("\(SentenceParts.count(count, "cell")) written to \(out)", .good)
        context.console.emit([
            "session": .string(source.export.title), "to": .string(format.rawValue),
            "out": .string(out),
            "cells": .integer(count),
        ])
    }

    /// What is written, and the journal it comes from where there is one.
    private struct Source {
        var export: SessionExport
        var journal: String?
    }

    private func text(of source: Source, _ format: Format) throws -> String {
        let export = source.export
        switch format {
        case .ipynb: return export.notebook
        case .html: return export.html
        case .cast:
            guard let journal = source.journal else {
                throw CommandError.usage(
                    "a recording is made of a session; run the tutorial first, then export its session"
                )
            }
            return export.recording(try Journal.read(at: journal).records)
        case .md:
            let text = export.markdown
            try Self.check(text, holds: export.cells.map(\.source), out)
            return text
        }
    }

    /// Prose that opens a fence and never closes it would swallow the cells behind it.
    private static func check(_ text: String, holds sources: [String], _ out: String) throws {
        let document = try? TutorialDocument(markdown: Array(text.utf8), path: out)
        guard sources.isEmpty || document?.cells.map(\.source) == sources.map(\.trimmingBlankLines)
        else {
            throw CommandError(
                "\(out) would not hold the same cells, because a fence in the prose is not closed or "
                    + "is a cell itself; mend the prose, or export to ipynb")
        }
    }

    private func source(_ context: CommandContext) throws -> Source {
        if let session, try Posix.kind(of: session) == .file {
            let document = try TutorialDocument.read(path: session)
            return Source(
                export: SessionExport(
                    info: nil, cells: [], tutorial: document, render: OutputText.text))
        }
        let folder = try folder(context)
        if let damage = folder.damage {
            context.console.complain(
                "the journal is damaged from line \(damage.line) on; cells after it are left out",
                .warning)
        }
        return Source(
            export: SessionExport(
                info: folder.info, cells: folder.cells, tutorial: tutorial(of: folder, context),
                render: OutputText.text), journal: Files.join(folder.path, "journal.jsonl"))
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
