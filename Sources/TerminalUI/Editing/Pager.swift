/// Shows long output a screen at a time, as `more` does: what was shown stays above, in the
/// terminal's own memory.
///
///     -- more: space  line: enter  all: a  leave: q --
///
/// It counts the rows of everything a command shows, so that many short outputs page as well. Who
/// leaves sees nothing more of that command.
public final class Pager {
    private let rows: () -> Int
    private let columns: () -> Int
    private let capabilities: TerminalCapabilities
    private let hasTypeAhead: () -> Bool
    private let readKey: () -> KeyResult
    private let write: (String) -> Void

    /// Rows shown since the last pause.
    private var shown = 0
    private var hasLeft = false
    private var showsAll = false

    /// - Parameters:
    ///   - hasTypeAhead: Whether the next command is typed already; then nothing waits.
    ///   - readKey: Waits for a key.
    public init(
        capabilities: TerminalCapabilities, rows: @escaping () -> Int,
        columns: @escaping () -> Int, hasTypeAhead: @escaping () -> Bool,
        readKey: @escaping () -> KeyResult, write: @escaping (String) -> Void
    ) {
        self.capabilities = capabilities
        self.rows = rows
        self.columns = columns
        self.hasTypeAhead = hasTypeAhead
        self.readKey = readKey
        self.write = write
    }

    /// A new command begins: the screen is its own.
    public func begin() {
        shown = 0
        hasLeft = false
        showsAll = false
    }

    /// Shows lines, with pauses where the screen is full.
    public func show(_ lines: [StyledLine]) {
        for line in lines {
            if hasLeft { return }
            let width = max(1, columns())
            let height = max(1, (line.displayWidth + width - 1) / width)
            // The line of the command and the question below take a row each.
            if !showsAll, shown + height > max(3, rows()) - 2, !hasTypeAhead() { pause() }
            if hasLeft { return }
            write(line.rendered(for: capabilities) + "\n")
            shown += height
        }
    }

    private static let questions = [
        "-- more: space  line: enter  all: a  leave: q --", "-- space enter a q --",
    ]

    private func pause() {
        let width = columns() - 1
        let text = Self.questions.first { displayWidth(of: $0) <= width } ?? "--"
        let question = StyledLine(text, .dim)
        write(question.rendered(for: capabilities))
        while true {
            switch readKey() {
            case .key(.character(" ")), .key(.right), .key(.character("f")):
                shown = 0
            case .key(.enter), .key(.down), .key(.character("j")):
                shown -= 1
            case .key(.character("a")), .key(.character("G")):
                showsAll = true
            case .key(.character("q")), .key(.escape), .cancelled, .endOfInput:
                hasLeft = true
            default: continue
            }
            break
        }
        if capabilities.cursorControl {
            write("\r\u{1B}[K")
        } else {
            write("\r" + String(repeating: " ", count: question.displayWidth) + "\r")
        }
    }
}
