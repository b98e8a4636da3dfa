/// Where lines and keys come from: a terminal with editing, or a file.
public protocol LineEditor: AnyObject {
    /// Reads one line.
    ///
    /// - Parameter prefill: Text that stands in the line already, to be changed.
    func readLine(prompt: StyledLine, prefill: String?) -> LineResult

    /// Reads one key, without Enter.
    ///
    /// For several keys in a row stand between `beginRunning` and `endRunning`, so that a key
    /// pressed between two readings is not echoed.
    func readKey() -> KeyResult

    /// Reads one key; while none comes, `idle` is called several times a second, to look at the
    /// size of the window.
    func readKey(idle: () -> Void) -> KeyResult

    /// Adds an entry for the arrow keys and the search; the newest comes last.
    func addHistory(_ line: String)

    /// Answers Tab.
    var completer: Completer? { get set }

    /// While a cell runs: keys are not echoed, Ctrl-C is a signal. What is typed meanwhile is kept
    /// for the next line.
    func beginRunning()
    func endRunning()

    /// Whether a whole line is typed already.
    var hasTypeAhead: Bool { get }
}

extension LineEditor {
    public var hasTypeAhead: Bool { false }

    public func readLine(prompt: StyledLine) -> LineResult {
        readLine(prompt: prompt, prefill: nil)
    }

    public func readKey(idle: () -> Void) -> KeyResult { readKey() }
}

/// How the reading of a line ended.
public enum LineResult: Hashable, Sendable {
    /// A line without its newline; pasted text may hold several lines.
    case line(String)
    /// Ctrl-C.
    case cancelled
    /// Ctrl-D in an empty line, or the end of a file.
    case endOfInput
}

/// A key that was pressed.
public enum Key: Hashable, Sendable {
    case character(Character)
    case enter, escape, tab, backspace, up, down, left, right, pageUp, pageDown
}

/// How the reading of a key ended.
public enum KeyResult: Hashable, Sendable {
    case key(Key)
    /// Ctrl-C.
    case cancelled
    /// Ctrl-D, or the end of a file.
    case endOfInput
}
