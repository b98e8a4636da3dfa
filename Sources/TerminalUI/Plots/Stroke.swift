/// How a line is drawn where colours cannot tell it from others.
enum Stroke: CaseIterable, Sendable {
    case solid, dashed, dotted, dashDotted

    static func series(_ index: Int) -> Stroke { allCases[index % allCases.count] }

    /// Whether a dot in this column of the canvas belongs to the line.
    func covers(column: Int) -> Bool {
        switch self {
        case .solid: true
        case .dashed: column % 8 < 5
        case .dotted: column % 4 == 0
        case .dashDotted: column % 12 < 6 || column % 12 == 9
        }
    }

    /// The stroke in a legend.
    var sample: String {
        switch self {
        case .solid: "──"
        case .dashed: "╌╌"
        case .dotted: "┈┈"
        case .dashDotted: "─·"
        }
    }
}
