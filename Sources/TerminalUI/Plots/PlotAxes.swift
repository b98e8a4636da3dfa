/// The axes around a canvas, with their ticks and labels.
struct PlotAxes {
    let frame: PlotFrame
    let canvas: Canvas
    let labelWidth: Int
    /// Room for names right of the canvas, 0 without.
    let nameWidth: Int
    let kind: Canvas.Kind

    /// The y labels by row of the canvas.
    private let yLabels: [Int: String]

    init(
        frame: PlotFrame, canvas: Canvas, labelWidth: Int, nameWidth: Int, kind: Canvas.Kind
    ) {
        self.frame = frame
        self.canvas = canvas
        self.labelWidth = labelWidth
        self.nameWidth = nameWidth
        self.kind = kind
        var labels: [Int: String] = [:]
        for (value, label) in zip(frame.yTicks.values, frame.yTicks.labels) {
            let point = PlotPoint(x: frame.x.lowerBound, y: value)
            labels[frame.dot(of: point, on: canvas).y / 4] = label
        }
        yLabels = labels
    }

    /// Label and axis left of a row.
    func left(_ row: Int) -> StyledLine {
        let label = StyledLine(yLabels[row] ?? "").padded(to: labelWidth, alignment: .right)
        let hasTick = yLabels[row] != nil
        let axis =
            switch kind {
            case .braille, .block: hasTick ? "┤" : "│"
            case .ascii: hasTick ? "+" : "|"
            }
        return label + " " + StyledLine(axis, .dim)
    }

    /// The x axis and its labels; the name of the axis stands at the right.
    func bottom(xLabel: String) -> [StyledLine] {
        let corner: Character = kind.isUnicode ? "└" : "+"
        let line: Character = kind.isUnicode ? "─" : "-"
        let tick: Character = kind.isUnicode ? "┬" : "+"
        var axis = Array(repeating: line, count: canvas.columns)
        let start = labelWidth + 2
        let total = start + canvas.columns
        let name = StyledLine(xLabel).truncated(to: canvas.columns / 2, ellipsis: "").plainText
        let fitsBeside = displayWidth(of: name) <= nameWidth
        let nameStart = fitsBeside ? total + 1 : total - displayWidth(of: name)
        var labels = Array(repeating: Character(" "), count: max(0, nameStart))
        var free = 0
        for (value, label) in zip(frame.xTicks.values, frame.xTicks.labels) {
            guard frame.x.contains(value) else { continue }
            let point = PlotPoint(x: value, y: frame.y.lowerBound)
            let column = frame.dot(of: point, on: canvas).x / 2
            axis[column] = tick
            let place = max(0, start + column - label.count / 2)
            if place < free || place + label.count > nameStart - 1 { continue }
            labels.replaceSubrange(place..<(place + label.count), with: Array(label))
            free = place + label.count + 1
        }
        let margin = String(repeating: " ", count: labelWidth + 1)
        return [
            StyledLine(margin) + StyledLine(String([corner] + axis), .dim),
            StyledLine(String(labels)) + StyledLine(name, .dim),
        ]
    }
}
