internal import CLineEditor
internal import Glibc

/// A program on a terminal of its own, seen as its user sees it.
public final class TerminalProgram {
    private let terminal: Int32
    private let process: pid_t
    private var hasEnded = false

    /// Starts a program; nil where no terminal can be made.
    ///
    /// - Parameter arguments: The program's name first, as programs get them.
    public init?(_ path: String, arguments: [String], rows: Int = 24, columns: Int = 80) {
        var words = unsafe arguments.map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer { unsafe words.forEach { unsafe free($0) } }
        var terminal: Int32 = -1
        process = unsafe pseudo_terminal_spawn(
            path, words, nil, Int32(rows), Int32(columns), &terminal)
        self.terminal = terminal
        if process < 0 {
            hasEnded = true
            return nil
        }
    }

    deinit { end() }

    /// Reads what the program writes until it has written `text`; false when it ends before, or
    /// writes something else for so many seconds.
    public func shows(_ text: String, within seconds: Double) -> Bool {
        let wanted = Array(text.utf8)
        let deadline = MonotonicClock.seconds() + seconds
        var written: [UInt8] = []
        while let piece = read(until: deadline) {
            written += piece
            if written.firstRange(of: wanted) != nil { return true }
        }
        return false
    }

    /// Gives the program the end of its input and waits for its end; one that goes on is killed.
    public func end() {
        if hasEnded { return }
        hasEnded = true
        try? writeAll([4], to: terminal)
        let deadline = MonotonicClock.seconds() + 5
        while read(until: deadline) != nil {}
        close(terminal)
        // Without its terminal it has nothing left to do.
        kill(process, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
    }

    /// What comes next; nil at the end of the program or of the time.
    private func read(until deadline: Double) -> [UInt8]? {
        let milliseconds = Int32(max(0, (deadline - MonotonicClock.seconds()) * 1000))
        guard waitUntilReady(terminal, for: Int32(POLLIN), milliseconds: milliseconds) else {
            return nil
        }
        let bytes = readBytes(from: terminal, limit: 4096)
        return bytes.isEmpty ? nil : bytes
    }
}
