/// What a piece of text is, not how it looks: the terminal's abilities decide that.
public enum Style: Hashable, Sendable {
    case plain, title, strong, emphasis, dim, code, good, warning, error, prompt
    /// The n-th curve of a plot, from 0.
    case series(Int)
    /// The raw values behind a smoothed curve.
    case faintSeries(Int)
}

extension Style {
    /// The parameters of a "select graphic rendition" sequence, empty when the text stays plain.
    func codes(for capabilities: TerminalCapabilities) -> [Int] {
        let weight = capabilities.styles ? weightCodes : []
        switch capabilities.colorDepth {
        case .none: return weight
        case .ansi16: return weight + (color.map { [$0.basic] } ?? [])
        case .ansi256: return weight + (color.map { [38, 5, $0.extended] } ?? [])
        }
    }

    private var weightCodes: [Int] {
        switch self {
        case .title, .strong, .error, .prompt: [1]
        case .emphasis: [3]
        case .dim, .faintSeries: [2]
        case .plain, .code, .good, .warning, .series: []
        }
    }

    private var color: PaletteColor? {
        switch self {
        case .plain, .title, .strong, .emphasis, .dim: nil
        case .code: .skyBlue
        case .good, .prompt: .bluishGreen
        case .warning: .orange
        case .error: .vermillion
        case .series(let index), .faintSeries(let index): .series(index)
        }
    }
}

/// The palette of Okabe and Ito, which people who see colours differently can tell apart, in the
/// nearest colour of the 256 and of the 16 that terminals have.
struct PaletteColor: Equatable {
    let extended: Int
    let basic: Int

    static let blue = PaletteColor(extended: 32, basic: 34)
    static let vermillion = PaletteColor(extended: 166, basic: 31)
    static let reddishPurple = PaletteColor(extended: 175, basic: 35)
    static let bluishGreen = PaletteColor(extended: 36, basic: 32)
    static let orange = PaletteColor(extended: 214, basic: 33)
    static let skyBlue = PaletteColor(extended: 74, basic: 36)

    /// The first three have enough contrast on black and on white.
    private static let order = [
        blue, vermillion, reddishPurple, bluishGreen, orange, skyBlue,
    ]

    static func series(_ index: Int) -> PaletteColor {
        order[((index % order.count) + order.count) % order.count]
    }
}
