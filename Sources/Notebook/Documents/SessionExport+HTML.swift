import OrderedJSON
import TerminalUI

extension SessionExport {
    /// The session as one web page that needs nothing else: no font, no network. It reads without
    /// its script too, which only shows values under the pointer.
    var html: String {
        var body = header
        for part in parts {
            switch part {
            case .prose(let text): body += MarkdownHTML.html(of: text)
            case .cell(let cell, let lesson): body += html(of: cell, lesson)
            }
        }
        body += provenance
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(MarkdownHTML.escaped(title))</title>
            <style>
            \(PageStyle.sheet)
            </style>
            </head>
            <body>
            <main>
            \(body)</main>
            <script>
            \(PageStyle.script)
            </script>
            </body>
            </html>

            """
    }

    private static func escaped(_ text: String) -> String { MarkdownHTML.escaped(text) }

    // MARK: - Beginning and end

    private var header: String {
        guard let info else { return "" }
        let stale = cells.count { $0.state == .stale || $0.isEdited }
        let failed = cells.count { $0.state == .failed || $0.state == .interrupted }
        let stored = cells.count { $0.isFromStore }
        var facts = [
            ("cells", "\(cells.count)", ""),
            ("computing", formatted(seconds: Provenance.seconds(of: cells)), ""),
            ("seed", "\(info.seed)", ""), ("made", String(info.created.prefix(10)), ""),
        ]
        if stored > 0 { facts.append(("from the store", "\(stored)", "")) }
        if stale > 0 { facts.append(("stale", "\(stale)", "warning")) }
        if failed > 0 { facts.append(("not finished", "\(failed)", "bad")) }
        let items = facts.map { name, value, tone in
            "<div class=\"\(tone)\"><dt>\(name)</dt><dd>\(Self.escaped(value))</dd></div>\n"
        }
        var text = "<header>\n"
        let hasTitle = parts.contains { part in
            if case .prose(let prose) = part { prose.trimmingBlanks.hasPrefix("# ") } else { false }
        }
        text +=
            hasTitle
            ? "<p class=\"kicker\">Session <b>\(Self.escaped(info.name))</b></p>\n"
            : "<h1>\(Self.escaped(info.name))</h1>\n"
        text += "<dl class=\"facts\">\n\(items.joined())</dl>\n"
        let parameters = Provenance.parameters(of: info)
        if !parameters.isEmpty {
            let rows = parameters.map { [$0.name, $0.value, $0.wasSet ? "set" : "default"] }
            text += Self.table(["parameter", "value", ""], [false, false, false], rows)
        }
        return text + "</header>\n"
    }

    private var provenance: String {
        guard let info else { return "" }
        let rows = Provenance.rows(of: info, cells).map { name, value in
            "<tr><th scope=\"row\">\(name)</th><td>\(Self.escaped(value))</td></tr>\n"
        }
        let cells = self.cells.filter { $0.number > 0 }.map { cell -> String in
            var state = cell.stateWord
            if cell.isFromStore { state += ", from the store" }
            let fields = [
                "<td class=\"n\">\(cell.number)</td>",
                "<td><a href=\"#\(Self.escaped(cell.id))\">\(Self.escaped(cell.name ?? cell.id))</a></td>",
                "<td>\(state)</td>",
                "<td class=\"n\">\(cell.seconds.map { formatted(seconds: $0) } ?? "")</td>",
                "<td>\(Self.digests(cell.reads))</td>", "<td>\(Self.digests(cell.writes))</td>",
            ]
            return "<tr>\(fields.joined())</tr>\n"
        }
        return """
            <section class="provenance">
            <h2>Where this came from</h2>
            <div class="scroll"><table class="plain">
            \(rows.joined())</table></div>
            <div class="scroll"><table>
            <thead><tr><th class="n">cell</th><th>name</th><th>state</th><th class="n">time</th>\
            <th>read</th><th>wrote</th></tr></thead>
            <tbody>
            \(cells.joined())</tbody></table></div>
            <p class="small">What a cell read and wrote is named by the first digits of its SHA-256. \
            The same seed, engine and instruction set give the same bits: \
            <code>rlhf replay DIR --verify</code> says whether they do.</p>
            </section>

            """
    }

    private static func digests(_ slots: SlotDigests) -> String {
        slots.map { slot, digest in
            "<span class=\"slot\" title=\"\(digest.description)\">\(escaped(slot)) "
                + "<code>\(digest.hex.prefix(8))</code></span>"
        }.joined(separator: " ")
    }

    // MARK: - Cells

    private func html(of cell: Cell, _ lesson: TutorialCell?) -> String {
        var marks: [String] = []
        if cell.isFromStore { marks.append("<span class=\"mark\">from the store</span>") }
        if cell.state == .stale || cell.isEdited {
            marks.append("<span class=\"mark warning\">\(cell.stateWord)</span>")
        }
        if cell.state == .failed { marks.append("<span class=\"mark bad\">failed</span>") }
        if cell.state == .interrupted || cell.state == .running {
            marks.append("<span class=\"mark bad\">interrupted</span>")
        }
        if let seconds = cell.seconds {
            marks.append("<span class=\"time\">\(formatted(seconds: seconds))</span>")
        }
        var text = "<section class=\"cell\" id=\"\(Self.escaped(cell.id))\">\n"
        text += "<div class=\"bar\"><span class=\"number\">"
        text += cell.number > 0 ? "[\(cell.number)]" : "[ ]"
        text += "</span><span class=\"marks\">\(marks.joined(separator: " "))</span></div>\n"
        text += "<pre class=\"source\">\(Self.source(cell.source))</pre>\n"
        if !cell.outputs.isEmpty { text += "<div class=\"outputs\">\n" }
        for output in cell.outputs { text += html(of: output) }
        if !cell.outputs.isEmpty { text += "</div>\n" }
        text += checks(of: cell, lesson)
        if let remark = remark(on: cell) {
            let tone = cell.state == .failed ? "bad" : "warning"
            text += "<p class=\"remark \(tone)\">\(Self.escaped(remark))</p>\n"
        }
        return text + "</section>\n"
    }

    /// The cell's text with its commands told apart from their options.
    private static func source(_ source: String) -> String {
        source.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.hasPrefix(":") else { return escaped(String(line)) }
            let words = line.split(separator: " ", omittingEmptySubsequences: false).enumerated()
            return words.map { index, word in
                // A browser would break a line behind every hyphen.
                let isOption = word.hasPrefix("--") && word.utf8.count < 32
                let text =
                    isOption ? "<span>\(escaped(String(word)))</span>" : escaped(String(word))
                return index == 0 ? "<b>\(text)</b>" : text
            }.joined(separator: " ")
        }.joined(separator: "\n")
    }

    /// What the tutorial expects of the cell's figures, and whether they are so.
    private func checks(of cell: Cell, _ lesson: TutorialCell?) -> String {
        let facts = cell.details["facts"]?.objectValue ?? JSONObject()
        guard let lesson, !lesson.expectations.isEmpty, cell.state != .new else { return "" }
        let items = lesson.expectations.map { expectation -> String in
            let value = facts[expectation.name]
            let isMet = value.map(expectation.isMet) ?? false
            let found =
                value?.doubleValue.map { formatted($0, significantDigits: 3) } ?? "not reported"
            return "<li class=\"\(isMet ? "good" : "bad")\">\(isMet ? "✓" : "✗") "
                + "\(Self.escaped(expectation.name)) is \(found), "
                + "expected \(Self.escaped(expectation.text))</li>\n"
        }
        return "<ul class=\"checks\">\n\(items.joined())</ul>\n"
    }

    private func html(of output: CellOutput) -> String {
        switch output.content {
        case .plot(let plot): return figure(plot) ?? preformatted(render(output))
        case .table(let table):
            let rows = (table["rows"]?.arrayValue ?? []).map { row in
                (row.arrayValue ?? []).map(Self.cellText)
            }
            let columns = (table["columns"]?.arrayValue ?? []).map { $0.stringValue ?? "" }
            let first = table["rows"]?[0]
            let isNumeric = columns.indices.map { first?[$0]?.doubleValue != nil }
            let caption = table["title"]?.stringValue.map { "<p>\(Self.escaped($0))</p>\n" } ?? ""
            return caption + Self.table(columns, isNumeric, rows)
        case .error(let sentence): return "<p class=\"remark bad\">\(Self.escaped(sentence))</p>\n"
        case .text(let text): return RecordedLayout.blocks(of: text).map(html).joined()
        case .unknown: return preformatted(render(output))
        }
    }

    private static func cellText(_ json: JSON) -> String {
        switch json {
        case .string(let text): text
        case .number(let number): formatted(number, significantDigits: 4)
        case .null: ""
        default: json.text
        }
    }

    private func preformatted(_ text: String) -> String {
        "<pre class=\"output\">\(Self.escaped(text.trimmingFinalNewlines))</pre>\n"
    }

    private func html(of layout: RecordedLayout) -> String {
        switch layout {
        case .paragraph(let text): return "<p class=\"said\">\(Self.escaped(text))</p>\n"
        case .preformatted(let text): return preformatted(text)
        case .table(let columns, let isNumeric, let rows):
            return Self.table(columns, isNumeric, rows)
        case .pairs(let pairs):
            let items = pairs.map {
                "<div><dt>\(Self.escaped($0[0]))</dt><dd>\(Self.escaped($0[1]))</dd></div>\n"
            }
            return "<dl class=\"pairs\">\n\(items.joined())</dl>\n"
        case .boxes(let titles, let texts):
            let cards = zip(titles, texts).map {
                "<div class=\"card\"><h4>\(Self.escaped($0.0))</h4>"
                    + "<p>\(Self.escaped($0.1))</p></div>\n"
            }
            return "<div class=\"cards\">\n\(cards.joined())</div>\n"
        }
    }

    static func table(_ columns: [String], _ isNumeric: [Bool], _ rows: [[String]]) -> String {
        func row(_ tag: String, _ cells: [String]) -> String {
            let texts = cells.enumerated().map { index, cell in
                let mark = index < isNumeric.count && isNumeric[index] ? " class=\"n\"" : ""
                return "<\(tag)\(mark)>\(escaped(cell))</\(tag)>"
            }
            return "<tr>\(texts.joined())</tr>\n"
        }
        return "<div class=\"scroll\"><table>\n<thead>\(row("th", columns))</thead>\n<tbody>\n"
            + rows.map { row("td", $0) }.joined() + "</tbody></table></div>\n"
    }

    // MARK: - Curves

    private func figure(_ plot: JSON) -> String? {
        guard let wide = PlotSVG(plot), let narrow = PlotSVG(plot, size: .narrow) else {
            return nil
        }
        let series = wide.lines.map { line -> JSON in
            let points = wide.thinned(line.points).map { point -> JSON in
                [.number(point.x), point.y.map { .number($0) } ?? .null]
            }
            return ["name": .string(line.name), "points": .array(points)]
        }
        let missing = wide.lines.reduce(0) { $0 + $1.missing }
        let verb = missing == 1 ? "1 value is" : "\(missing) values are"
        let note =
            missing == 0 ? "" : " <span class=\"warning\">\(verb) not finite and left out</span>"
        func drawing(_ plot: PlotSVG, _ name: String) -> String {
            let frame = plot.frame.map { JSON.number($0).text }.joined(separator: " ")
            return plot.drawing(attributes: " class=\"\(name)\" data-frame=\"\(frame)\"")
        }
        return """
            <figure data-series="\(Self.escaped(JSON.array(series).text))">
            <figcaption>\(Self.escaped(wide.heading))\(note) <output></output></figcaption>
            \(drawing(wide, "wide"))\(drawing(narrow, "narrow"))</figure>

            """
    }
}
