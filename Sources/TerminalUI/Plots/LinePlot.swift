/// Curves, clouds of points and paths over common axes, in braille, quarter blocks or plain ASCII.
///
/// With smoothing, single dots are the values and the line is their moving average. Values that
/// are not finite leave a gap, and a line below says so. The same data give the same text.
public struct LinePlot: Renderable {
    public enum Smoothing: Hashable, Sendable {
        /// A moving average from 20 points on, stronger for longer curves.
        case automatic
        case off
        /// Weight of the newest value, see `exponentialMovingAverage`.
        case alpha(Double)
    }

    public enum CanvasKind: Hashable, Sendable {
        /// Braille where the terminal shows it.
        case automatic
        case braille, block, ascii
    }

    public var title: String
    public var xLabel: String
    public var series: [Series]
    public var smoothing: Smoothing
    public var canvas: CanvasKind
    public var maximumColumns: Int
    /// Without title and legend, for a place that says both already.
    public var isBare = false
    /// Lines in all, as long as the legend leaves room.
    public var height: Int

    public init(
        title: String, xLabel: String, series: [Series], smoothing: Smoothing = .automatic,
        canvas: CanvasKind = .automatic, maximumColumns: Int = 100, height: Int = 16
    ) {
        self.title = title
        self.xLabel = xLabel
        self.series = series
        self.smoothing = smoothing
        self.canvas = canvas
        self.maximumColumns = maximumColumns
        self.height = height
    }

    public func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let width = max(10, min(width, maximumColumns))
        // A terminal without these characters would show question marks in their place.
        let isASCII = capabilities.isTerminal && !capabilities.unicode
        // Dots of several clouds are told apart by their colours, or by letters.
        let needsMarkers =
            capabilities.colorDepth == .none && series.count { $0.mark == .points } > 1
        let kind: Canvas.Kind =
            switch isASCII ? .ascii : canvas {
            case .automatic:
                capabilities.unicode && capabilities.braille && !needsMarkers ? .braille : .ascii
            case .braille: .braille
            case .block: .block
            case .ascii: .ascii
            }
        let drawing = LinePlotDrawing(
            plot: self, width: width, kind: kind,
            hasColors: capabilities.colorDepth != .none)
        return drawing.lines().map {
            $0.truncated(to: width, ellipsis: capabilities.ellipsis).padded(to: width)
        }
    }

    /// α for a series; nil for none.
    func alpha(for series: Series) -> Double? {
        if series.mark == .points || !series.band.isEmpty { return nil }
        switch smoothing {
        case .off: return nil
        case .alpha(let value): return value < 1 ? value : nil
        case .automatic:
            let count = series.finitePoints.count
            if count < 20 { return nil }
            let alpha = min(0.3, max(0.02, 10 / Double(count)))
            // Two digits, so that the legend tells the whole truth.
            return (alpha * 100).rounded() / 100
        }
    }
}
