import OrderedJSON

extension SessionExport {
    /// The session as a Jupyter notebook (nbformat 4.5), in the bytes that Jupyter itself would
    /// write: keys sorted, one space of indentation, texts as lists of lines.
    ///
    /// Whatever is ours stands under `metadata.rlhf`; the format allows it nowhere else.
    var notebook: String {
        var cells: [JSON] = []
        for (index, part) in parts.enumerated() {
            switch part {
            case .prose(let text):
                cells.append([
                    "cell_type": "markdown", "id": .string("prose-\(index + 1)"), "metadata": [:],
                    "source": Self.lines(text.trimmingFinalNewlines),
                ])
            case .cell(let cell): cells.append(notebookCell(cell))
            }
        }
        let session: JSON = [
            "schema": 1, "id": .string(info.id), "seed": .integer(info.seed),
            "shards": .integer(info.shards), "precision": .string(info.precision),
            "engine": .string(info.engine), "instruction_set": .string(info.instructionSet),
        ]
        let document: JSON = [
            "cells": .array(cells),
            "metadata": [
                "kernelspec": ["name": "rlhf", "display_name": "RLHF"],
                "language_info": ["name": "rlhf"], "rlhf": session, "title": .string(info.name),
            ],
            "nbformat": 4, "nbformat_minor": 5,
        ]
        return Self.jupyterText(document) + "\n"
    }

    private func notebookCell(_ cell: Cell) -> JSON {
        var ours = JSONObject([
            ("schema", 1), ("state", .string(cell.state.rawValue)),
            ("stale", .bool(cell.state == .stale)), ("inputs", cell.reads.json),
            ("artifacts", cell.writes.json),
        ])
        ours["duration_s"] = cell.seconds.map { .number($0) }
        var metadata = JSONObject([("rlhf", .object(ours))])
        metadata["name"] = cell.name.map { .string($0) }
        var outputs = cell.outputs.map { output(of: $0) }
        if cell.state == .failed, let error = cell.error {
            outputs.append(Self.failure(error))
        }
        return [
            "cell_type": "code", "execution_count": cell.number > 0 ? .integer(cell.number) : .null,
            "id": .string(cell.id), "metadata": .object(metadata), "outputs": .array(outputs),
            "source": Self.lines(cell.source),
        ]
    }

    private func output(of output: CellOutput) -> JSON {
        let text = render(output).trimmingFinalNewlines + "\n"
        switch output.content {
        case .plot(let series):
            return [
                "output_type": "display_data", "metadata": [:],
                "data": [
                    "application/vnd.rlhf.series+json": series, "text/plain": Self.lines(text),
                ],
            ]
        case .error(let sentence): return Self.failure(sentence)
        default:
            return ["output_type": "stream", "name": "stdout", "text": Self.lines(text)]
        }
    }

    private static func failure(_ sentence: String) -> JSON {
        [
            "output_type": "error", "ename": "CommandError", "evalue": .string(sentence),
            "traceback": [.string(sentence)],
        ]
    }

    /// A text as nbformat has it: a list of lines, each but the last with its line end.
    private static func lines(_ text: String) -> JSON {
        var lines: [JSON] = []
        var line = ""
        for scalar in text.unicodeScalars {
            line.unicodeScalars.append(scalar)
            if scalar == "\n" {
                lines.append(.string(line))
                line = ""
            }
        }
        if !line.isEmpty { lines.append(.string(line)) }
        return .array(lines)
    }

    /// JSON as Python's `json.dumps(indent=1, sort_keys=True, ensure_ascii=False)` writes it.
    static func jupyterText(_ json: JSON, indent: Int = 1) -> String {
        let start = "\n" + String(repeating: " ", count: indent)
        let end = "\n" + String(repeating: " ", count: indent - 1)
        switch json {
        case .array(let items) where !items.isEmpty:
            let texts = items.map { jupyterText($0, indent: indent + 1) }
            return "[" + start + texts.joined(separator: "," + start) + end + "]"
        case .object(let object) where !object.isEmpty:
            let members = object.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            let texts = members.map {
                JSON.string($0.key).text + ": " + jupyterText($0.value, indent: indent + 1)
            }
            return "{" + start + texts.joined(separator: "," + start) + end + "}"
        default: return json.text
        }
    }
}
