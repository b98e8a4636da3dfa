import OrderedJSON

extension SessionExport {
    /// The session as one web page that needs nothing else: no script, no font, no network.
    var html: String {
        var body = ""
        for part in parts {
            switch part {
            case .prose(let text): body += MarkdownHTML.html(of: text)
            case .cell(let cell): body += html(of: cell)
            }
        }
        let title = MarkdownHTML.escaped(info.name)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            \(body)<footer>\(MarkdownHTML.escaped(footer))</footer>
            </main>
            </body>
            </html>

            """
    }

    private static let style = """
        body { font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; margin: 0; }
        main { max-width: 50rem; margin: 0 auto; padding: 1rem; }
        pre { overflow-x: auto; padding: .5rem .75rem; font: 14px/1.35 ui-monospace, monospace; }
        pre.source { background: #f3f5f8; border-left: 3px solid #4063d8; }
        pre.output { margin: 0 0 0 1rem; }
        .cell { margin: 1.25rem 0; } .number { color: #667; font-size: .8rem; }
        .remark { color: #9c2b2b; margin-left: 1.75rem; } footer { color: #667; font-size: .8rem; }
        svg { display: block; max-width: 100%; margin-left: 1.75rem; }
        """

    private var footer: String {
        "Session \(info.id), seed \(info.seed), \(info.shards) shards, \(info.precision), "
            + "rlhf \(info.engine), \(info.instructionSet)"
    }

    private func html(of cell: Cell) -> String {
        let number = cell.number > 0 ? "<div class=\"number\">[\(cell.number)]</div>\n" : ""
        var text = "<section class=\"cell\" id=\"\(MarkdownHTML.escaped(cell.id))\">\n\(number)"
        text += "<pre class=\"source\">\(MarkdownHTML.escaped(cell.source))</pre>\n"
        for output in cell.outputs {
            if case .plot(let plot) = output.content, let drawing = PlotSVG.svg(of: plot) {
                text += drawing
            } else {
                let shown = render(output).trimmingFinalNewlines
                text += "<pre class=\"output\">\(MarkdownHTML.escaped(shown))</pre>\n"
            }
        }
        if let remark = Self.remark(on: cell) {
            text += "<p class=\"remark\">\(MarkdownHTML.escaped(remark))</p>\n"
        }
        return text + "</section>\n"
    }
}
