import OrderedJSON

extension SessionExport {
    /// The session as a Jupyter notebook (nbformat 4.5), in the bytes that Jupyter itself would
    /// write: keys sorted, one space of indentation, texts as lists of lines.
    ///
    /// Whatever is ours stands under `metadata.rlhf`; the format allows it nowhere else.
    var notebook: String {
        var ids = Set(cells.map(\.id))
        var json: [JSON] = []
        for part in parts {
            switch part {
            case .prose(let text):
                // Blank lines between two cells are no prose.
                let source = text.trimmingBlankLines
                if source.isEmpty { continue }
                var number = json.count + 1
                while !ids.insert("prose-\(number)").inserted { number += 1 }
                json.append([
                    "cell_type": "markdown", "id": .string("prose-\(number)"), "metadata": [:],
                    "source": NotebookText.lines(source),
                ])
            case .cell(let cell, let lesson): json.append(notebookCell(cell, lesson))
            }
        }
        let document: JSON = [
            "cells": .array(json), "metadata": .object(notebookMetadata),
            "nbformat": 4, "nbformat_minor": 5,
        ]
        return NotebookText.canonical(document) + "\n"
    }

    private var notebookMetadata: JSONObject {
        var metadata = tutorial?.frontMatterValues ?? JSONObject()
        var ours = metadata["rlhf"]?.objectValue ?? JSONObject()
        ours["schema"] = 1
        if let info {
            ours["title"] = .string(info.name)
            ours["seed"] = .integer(info.seed)
            for (key, value) in Self.session(info) { ours[key] = value }
        }
        metadata["rlhf"] = .object(ours)
        metadata["kernelspec"] =
            metadata["kernelspec"] ?? ["name": "rlhf", "display_name": "RLHF"]
        // Where jupytext looks for the language of a page's cells.
        metadata["language_info"] = ["name": "rlhf", "pygments_lexer": "rlhf"]
        metadata["title"] = .string(title)
        return metadata
    }

    /// What results depend on, without what a document says itself.
    private static func session(_ info: SessionInfo) -> JSONObject {
        var session = JSONObject([
            ("id", .string(info.id)), ("created", .string(info.created)),
            ("shards", .integer(info.shards)), ("precision", .string(info.precision)),
            ("engine", .string(info.engine)), ("instruction_set", .string(info.instructionSet)),
        ])
        session["values"] = info.parameters?["values"]
        session["set"] = info.parameters?["set"]
        return session
    }

    private func notebookCell(_ cell: Cell, _ lesson: TutorialCell?) -> JSON {
        var metadata = lesson?.metadataValues ?? JSONObject()
        metadata["name"] = cell.name.map { .string($0) }
        if let info, cell.number > 0 {
            var ours = metadata["rlhf"]?.objectValue ?? JSONObject()
            ours["schema"] = 1
            ours["state"] = .string(cell.stateWord)
            ours["stale"] = .bool(cell.state == .stale || cell.isEdited)
            ours["inputs"] = cell.reads.json
            ours["artifacts"] = cell.writes.json
            ours["seed"] = .integer(info.seed)
            ours["duration_s"] = cell.seconds.map { .number($0) }
            ours["from_store"] = .bool(cell.isFromStore)
            metadata["rlhf"] = .object(ours)
        }
        var outputs = cell.outputs.map { output(of: $0) }
        if cell.state == .failed, let error = cell.error { outputs.append(Self.failure(error)) }
        if cell.number == 0 { outputs = lesson?.recorded ?? [] }
        return [
            "cell_type": "code", "execution_count": cell.number > 0 ? .integer(cell.number) : .null,
            "id": .string(cell.id), "metadata": .object(metadata), "outputs": .array(outputs),
            "source": NotebookText.lines(cell.source),
        ]
    }

    private func output(of output: CellOutput) -> JSON {
        let text = render(output).trimmingFinalNewlines + "\n"
        switch output.content {
        case .plot(let series):
            var data = JSONObject([
                ("application/vnd.rlhf.series+json", series),
                ("text/plain", NotebookText.lines(text)),
            ])
            data["image/svg+xml"] = PlotSVG.image(of: series).map { NotebookText.lines($0) }
            return ["output_type": "display_data", "metadata": [:], "data": .object(data)]
        case .error(let sentence): return Self.failure(sentence)
        default:
            return ["output_type": "stream", "name": "stdout", "text": NotebookText.lines(text)]
        }
    }

    private static func failure(_ sentence: String) -> JSON {
        [
            "output_type": "error", "ename": "CommandError", "evalue": .string(sentence),
            "traceback": [.string(sentence)],
        ]
    }
}
