/// Why a terminal or stream cannot be used.
public enum TerminalError: Error, Equatable, Sendable {
    /// The reader of a pipe has gone.
    case closed(descriptor: Int32)
    case writeFailed(descriptor: Int32, errno: Int32)
    case notATerminal(descriptor: Int32)
    /// libedit could not start on this terminal.
    case editorUnavailable
}
