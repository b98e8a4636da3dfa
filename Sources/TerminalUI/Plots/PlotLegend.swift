/// What the curves are, their last and best values, and what is missing.
struct PlotLegend {
    let plot: LinePlot
    let kind: Canvas.Kind
    let hasColors: Bool

    /// More lines than this would leave no room to draw.
    private static let mostLines = 7

    func lines(width: Int) -> [StyledLine] {
        var lines: [StyledLine] = []
        for entry in entries {
            let separated = (lines.last ?? StyledLine()) + "   " + entry
            if lines.isEmpty || separated.displayWidth > width {
                lines += entry.wrapped(to: width, hangingIndent: 2)
            } else {
                lines[lines.count - 1] = separated
            }
        }
        lines += plot.series.compactMap { $0.gapNote(xLabel: plot.xLabel) }
            .map { StyledLine($0, .warning) }
        let excess = lines.count - Self.mostLines
        if excess <= 0 { return lines }
        return lines.prefix(Self.mostLines - 1) + [StyledLine("and \(excess + 1) lines more", .dim)]
    }

    private var entries: [StyledLine] {
        var entries = plot.series.enumerated().map(entry)
        if plot.series.contains(where: { plot.alpha(for: $0) != nil }) {
            entries.append(StyledLine("dots: values, line: smoothed", .dim))
        }
        return entries
    }

    private func entry(_ index: Int, _ series: Series) -> StyledLine {
        let marker =
            if !kind.isUnicode {
                String(LinePlotDrawing.marker(index))
            } else if hasColors || plot.series.count == 1 || series.mark == .points {
                "●"
            } else {
                Stroke.series(index).sample
            }
        let finite = series.ordered.filter(\.isFinite)
        var text = " \(series.name): n = \(formatted(count: series.points.count))"
        if let last = finite.last, series.mark != .points { text += ", last \(formatted(last.y))" }
        if let best = series.best {
            text += ", best \(formatted(best.y)) at \(positionText(best.x))"
        }
        if let alpha = plot.alpha(for: series) {
            text += ", \(kind.isUnicode ? "α" : "alpha") = \(shortest(alpha))"
        }
        return StyledLine(marker, .series(index)) + StyledLine(text)
    }

    private func shortest(_ alpha: Double) -> String {
        var digits = DecimalDigits(alpha)
        digits.round(toDigits: 3)
        return digits.text(decimals: max(0, digits.digits.count - digits.exponent))
    }
}
