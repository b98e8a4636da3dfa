/// What may be sent to the place where output goes.
public struct TerminalCapabilities: Equatable, Sendable {
    /// Somebody looks at it; otherwise it is a file or a pipe.
    public var isTerminal: Bool
    public var columns: Int
    public var rows: Int
    public var colorDepth: ColorDepth
    /// Bold, dim and italic are allowed. `NO_COLOR` keeps them, `--color never` does not.
    public var styles: Bool
    /// Characters outside ASCII are shown.
    public var unicode: Bool
    /// The font has braille, as the Linux console's has not.
    public var braille: Bool
    /// Escape sequences that move the cursor or erase are understood.
    public var cursorControl: Bool

    public init(
        isTerminal: Bool = false, columns: Int = 80, rows: Int = 24,
        colorDepth: ColorDepth = .none, styles: Bool = false, unicode: Bool = false,
        braille: Bool? = nil, cursorControl: Bool = false
    ) {
        self.isTerminal = isTerminal
        self.columns = columns
        self.rows = rows
        self.colorDepth = colorDepth
        self.styles = styles
        self.unicode = unicode
        self.braille = braille ?? unicode
        self.cursorControl = cursorControl
    }

    /// A plain file: 80 columns of ASCII.
    public static let plain = TerminalCapabilities()

    /// Concludes from what the system says.
    ///
    /// Colours, first rule that speaks: `colorMode` always or never; `NO_COLOR` not empty; then
    /// `FORCE_COLOR` not empty; else a terminal whose `TERM` is not empty, `dumb` or `unknown`.
    ///
    /// - Parameters:
    ///   - window: Rows and columns of the window; nil where there is none.
    ///   - isUTF8: The locale's encoding.
    ///   - environment: The value of a variable, nil if unset.
    init(
        isTerminal: Bool, window: (rows: Int, columns: Int)?, isUTF8: Bool, colorMode: ColorMode,
        environment: (String) -> String?
    ) {
        func value(_ name: String) -> String { environment(name) ?? "" }
        func number(_ name: String) -> Int? { Int(value(name)).flatMap { $0 > 0 ? $0 : nil } }

        let term = value("TERM")
        let isDumb = ["", "dumb", "unknown"].contains(term)
        let canStyle = isTerminal && !isDumb
        let wantsColor =
            switch colorMode {
            case .always: true
            case .never: false
            case .auto:
                if !value("NO_COLOR").isEmpty {
                    false
                } else {
                    !value("FORCE_COLOR").isEmpty || canStyle
                }
            }
        let depth: ColorDepth =
            term.contains("256") || !value("COLORTERM").isEmpty || !canStyle ? .ansi256 : .ansi16
        self.init(
            isTerminal: isTerminal,
            columns: max(20, window?.columns ?? number("COLUMNS") ?? 80),
            rows: window?.rows ?? number("LINES") ?? 24,
            colorDepth: wantsColor ? depth : .none,
            styles: colorMode != .never && (wantsColor || canStyle),
            unicode: isUTF8 && !(isTerminal && term == "dumb"),
            braille: isUTF8 && !(isTerminal && (term == "dumb" || term == "linux")),
            cursorControl: canStyle)
    }

    /// "…", or what ASCII has for it.
    var ellipsis: String { unicode ? "…" : "..." }
}
