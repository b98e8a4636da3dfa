import Foundation
import Testing

/// A terminal that a test types into and looks at: a shell in a tmux server of its own, with a
/// home folder of its own.
///
/// Nothing waits for a fixed time: the screen is looked at until it shows what is expected, or until
/// a deadline has passed that only a hanging program misses.
final class TmuxTerminal {
    /// The home and working folder of the shell.
    let folder: TemporaryFolder

    /// Why there can be no such terminal; nil when there can.
    static let obstacle: String? = {
        if tmux == nil { return "tmux is not installed" }
        return nil
    }()

    private static let tmux = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/bin/tmux"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// The built program, which stands beside the bundle of the tests.
    static var program: String {
        let tests =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "rlhf").path
    }

    struct Late: Error, CustomStringConvertible {
        let expected: String
        let screen: String
        var description: String { "not on the screen: \(expected)\n\(screen)" }
    }

    init(columns: Int = 90, rows: Int = 40, environment: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        try folder.write(
            "tmux.conf",
            Array("set -g status off\nset -g default-terminal screen-256color\n".utf8))
        let values = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        try run(
            ["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-c", folder.path]
                + ["env"] + values + ["bash", "--norc", "--noprofile"])
        try wait("the shell's prompt") { $0.last == "$" }
    }

    deinit {
        _ = try? run(["kill-server"])
    }

    // MARK: Typing

    /// Types text, without Enter.
    func type(_ text: String) throws { try run(["send-keys", "-l", "--", text]) }

    /// Presses keys by their names in tmux: `Enter`, `Tab`, `C-c`.
    func press(_ keys: String...) throws { try run(["send-keys"] + keys) }

    /// Types a line and Enter.
    func enter(_ line: String) throws {
        try type(line)
        try press("Enter")
    }

    /// Pastes as terminals do it, between brackets where the program asked for them.
    func paste(_ text: String) throws {
        try folder.write("paste.txt", Array(text.utf8))
        try run(["load-buffer", folder("paste.txt")])
        try run(["paste-buffer", "-p"])
    }

    func resize(columns: Int, rows: Int) throws {
        try run(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// Keeps what programs send to the terminal from now on, byte by byte, in the file `raw`.
    func record() throws { try run(["pipe-pane", "cat > \(folder("raw"))"]) }

    // MARK: Looking

    /// The lines on the screen, wrapped ones joined, without blank lines at the end.
    func screen() throws -> [String] { try captured([]) }

    /// The same with everything that has scrolled away.
    func everything() throws -> [String] { try captured(["-S", "-"]) }

    private func captured(_ options: [String]) throws -> [String] {
        var lines = try run(["capture-pane", "-p", "-J"] + options)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Looks at the screen until it is as expected.
    @discardableResult
    func wait(
        _ expected: String, seconds: Double = 30, until isMet: ([String]) -> Bool
    ) throws -> [String] {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            let lines = try screen()
            if isMet(lines) { return lines }
            if ContinuousClock.now > deadline {
                throw Late(expected: expected, screen: lines.joined(separator: "\n"))
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    /// Waits until some line of the screen contains the text.
    @discardableResult
    func wait(for text: String, seconds: Double = 30) throws -> [String] {
        try wait(text, seconds: seconds) { $0.contains { $0.contains(text) } }
    }

    /// Waits until the last line of the screen is exactly this.
    @discardableResult
    func wait(forLast line: String, seconds: Double = 30) throws -> [String] {
        try wait("at last " + line, seconds: seconds) { $0.last == line }
    }

    /// Waits for the empty prompt of a cell.
    @discardableResult
    func wait(forCell number: Int, seconds: Double = 30) throws -> [String] {
        try wait(forLast: "[\(number)]>", seconds: seconds)
    }

    /// What is wrong with the picture: remains of escape sequences, prompts inside a line.
    func blemishes() throws -> [String] {
        let remains = /\^\[|\x1B|\[[0-9;]*m|\[\?2004|20[01]~|\[K/
        return try everything().filter { line in
            if line.contains(remains) { return true }
            return line.contains(/\[\d+\]>/) && !line.contains(/^\[\d+\]>( \S.*)?$/)
        }
    }

    // MARK: tmux

    /// What tmux and everything in it find in their environment; nothing of the tests' own.
    private var environment: [String] {
        [
            "HOME=\(folder.path)", "XDG_STATE_HOME=\(folder("state"))", "PATH=/usr/bin:/bin",
            "LC_ALL=C.UTF-8", "TERM=xterm-256color", "SHELL=/bin/bash", "PS1=$ ",
            "RLHF=\(Self.program)",
        ]
    }

    @discardableResult
    private func run(_ arguments: [String]) throws -> String {
        let words =
            ["env", "-i"] + environment + [Self.tmux ?? "tmux", "-u", "-S", folder("tmux.socket")]
            + ["-f", folder("tmux.conf")] + arguments
        let (output, status) = Self.shell(words.map(Self.quoted).joined(separator: " "))
        guard status == 0 else {
            throw Late(expected: "tmux \(arguments.joined(separator: " "))", screen: output)
        }
        return output
    }

    private static func quoted(_ word: String) -> String {
        "'" + word.replacing("'", with: "'\\''") + "'"
    }

    /// Runs a line in a shell of its own. Foundation's `Process` would wait for the server that the
    /// first call leaves behind.
    private static func shell(_ line: String) -> (output: String, status: Int32) {
        guard let stream = unsafe popen(line + " </dev/null 2>/dev/null", "r") else {
            return ("", -1)
        }
        var bytes: [UInt8] = []
        while true {
            let next = unsafe fgetc(stream)
            if next == EOF { break }
            bytes.append(UInt8(truncatingIfNeeded: next))
        }
        return (String(decoding: bytes, as: UTF8.self), unsafe pclose(stream))
    }
}
