import OrderedJSON
import TerminalUI

extension SessionExport {
    /// The session as a recording of the terminal (asciicast v3): prose, prompts and outputs with the
    /// times of the journal, a marker for every cell. Players shorten the waits to two seconds.
    ///
    /// - Parameter records: The journal, for the times.
    func recording(_ records: [JournalRecord]) -> String {
        var header = JSONObject([
            ("version", 3), ("term", ["cols": .integer(Self.columns), "rows": 24]),
        ])
        header["timestamp"] = info.flatMap { Timestamp.seconds($0.created) }.map { .integer($0) }
        header["idle_time_limit"] = 2
        header["title"] = .string(title)
        var text = JSON.object(header).text + "\n"
        let times = CellTimes(records)
        var pause = 0.0
        func event(_ code: String, _ data: String) {
            let interval = JSON.number((pause * 1000).rounded() / 1000).text
            text += "[\(interval), \(JSON.string(code).text), \(JSON.string(data).text)]\n"
            pause = 0
        }
        for part in parts {
            switch part {
            case .prose(let prose):
                let shown = Prose(prose).text(width: Self.columns, capabilities: Console.recorded)
                if !shown.isEmpty { event("o", Self.screen(shown)) }
            case .cell(let cell, _):
                if cell.number == 0 { continue }
                pause += 1
                event("m", "[\(cell.number)] " + (cell.name ?? Self.firstLine(cell.source)))
                event("o", Self.screen("\u{1B}[1m[\(cell.number)]>\u{1B}[0m \(cell.source)\n"))
                let waits = times.waits(of: cell)
                for (index, output) in cell.outputs.enumerated() {
                    pause += index < waits.count ? waits[index] : 0
                    event("o", Self.screen(render(output)))
                }
                pause += max(0, (cell.seconds ?? 0) - waits.reduce(0, +))
                if let remark = remark(on: cell) { event("o", Self.screen(remark + "\n")) }
            }
        }
        event("x", cells.contains { $0.state == .failed } ? "1" : "0")
        return text
    }

    private static let columns = 80

    private static func firstLine(_ source: String) -> String {
        String(source.prefix { !$0.isNewline })
    }

    /// A text as a terminal gets it: lines end with a return, and nothing but our own bold controls
    /// the cursor.
    private static func screen(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let character = rest.first {
            if let sequence = ["\u{1B}[1m", "\u{1B}[0m"].first(where: { rest.hasPrefix($0) }) {
                result += sequence
                rest = rest.dropFirst(sequence.count)
                continue
            }
            rest.removeFirst()
            if character.isNewline {
                result += "\r\n"
            } else if character.unicodeScalars.allSatisfy({
                $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
            }) {
                result.append(character)
            } else if character == "\t" {
                result += "    "
            }
        }
        return result
    }
}

/// When the outputs of cells came, in seconds after the one before.
///
/// The journal's clock counts whole seconds and a cell's duration is exact, so that the waits are
/// shares of the duration.
private struct CellTimes {
    private var outputs: [String: [Int]] = [:]
    private var begins: [String: Int] = [:]
    private var ends: [String: Int] = [:]

    init(_ records: [JournalRecord]) {
        for record in records {
            guard let change = CellRecord(record), let time = Timestamp.seconds(record.time) else {
                continue
            }
            switch change {
            case .begin(let cell, let start):
                begins[cell] = time
                outputs[cell] = Array((outputs[cell] ?? []).prefix(start.keeping))
            case .output(let cell, _): outputs[cell, default: []].append(time)
            case .end(let cell, _): ends[cell] = time
            default: break
            }
        }
    }

    func waits(of cell: Cell) -> [Double] {
        guard let begin = begins[cell.id], let times = outputs[cell.id], let seconds = cell.seconds
        else { return [] }
        let whole = Double(max(1, (ends[cell.id] ?? begin) - begin))
        let share = min(1, seconds / whole)
        var previous = Double(begin)
        return times.map { time in
            defer { previous = max(previous, Double(time)) }
            return max(0, Double(time) - previous) * share
        }
    }
}
