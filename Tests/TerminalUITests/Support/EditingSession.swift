import CLineEditor
import Foundation
import Synchronization
import TerminalUI

/// What a person at a terminal does.
enum Action: Sendable {
    /// Waits until the terminal has shown a text that was not there before.
    case wait(String)
    /// Waits until keys are read one by one.
    case waitForRawMode
    case type(String)
    case bytes([UInt8])
    case resize(columns: Int)
    /// Gives the reader time to empty the terminal's queue.
    case pause
}

/// A line editor on a pseudo terminal in this process, and somebody at its other end.
final class EditingSession {
    let editor: LibeditEditor
    let slave: Int32
    private let master: Int32
    private let screen: Screen

    init(columns: Int = 80) throws {
        _ = Self.terminalType
        var master: Int32 = -1
        var slave: Int32 = -1
        guard unsafe pseudo_terminal_open(&master, &slave, 24, Int32(columns)) == 0 else {
            throw TerminalError.notATerminal(descriptor: -1)
        }
        self.master = master
        self.slave = slave
        screen = Screen(master: master)
        editor = try LibeditEditor(
            program: "test", capabilities: terminal(columns: columns), input: slave, output: slave)
    }

    deinit {
        close(master)
        close(slave)
    }

    /// libedit asks the environment which terminal it is.
    private static let terminalType: Void = {
        unsafe setenv("TERM", "xterm-256color", 1)
        unsafe setenv("EDITRC", "/dev/null", 1)
    }()

    /// Does the actions on another thread while `read` reads, and returns its result.
    @discardableResult
    func result<Result>(of actions: [Action], read: (LibeditEditor) -> Result) -> Result {
        let screen = screen
        let finished = DispatchSemaphore(value: 0)
        let hasRead = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            screen.perform(actions)
            // Keys that did not end the reading are a failure, not a test that never ends.
            while hasRead.wait(timeout: .now() + 20) == .timedOut { screen.hangUp() }
            finished.signal()
        }
        let result = read(editor)
        hasRead.signal()
        finished.wait()
        screen.drain()
        return result
    }

    /// Reads one line while somebody types, once the prompt is there.
    func line(prefill: String? = nil, typing keys: String...) -> LineResult {
        line(prefill: prefill, actions: keys.map { .type($0) })
    }

    func line(prefill: String? = nil, actions: [Action]) -> LineResult {
        result(of: [.wait("nb> ")] + actions) { $0.readLine(prompt: "nb> ", prefill: prefill) }
    }

    /// Everything that was shown so far.
    var shown: String { screen.text }

    /// The local modes of the terminal.
    var localModes: tcflag_t {
        var settings = termios()
        _ = unsafe tcgetattr(slave, &settings)
        return settings.c_lflag
    }
}

/// The other end of the terminal.
private final class Screen: Sendable {
    private let master: Int32
    private let bytes = Mutex<[UInt8]>([])
    private let seen = Mutex<Int>(0)

    init(master: Int32) {
        self.master = master
    }

    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }

    func perform(_ actions: [Action]) {
        for action in actions {
            switch action {
            case .wait(let text):
                if !waits(for: text) { return hangUp() }
            case .waitForRawMode:
                if !waits(until: { modes & tcflag_t(ICANON) == 0 }) { return hangUp() }
            case .type(let keys): send(Array(keys.utf8))
            case .bytes(let bytes): send(bytes)
            case .resize(let columns):
                _ = terminal_set_window_size(master, 24, Int32(columns))
                kill(getpid(), SIGWINCH)
            case .pause:
                readAvailable(milliseconds: 20)
            }
        }
    }

    /// A script that went wrong ends the reading as Ctrl-D would, or Return where that is no end.
    func hangUp() {
        send([0x15, 0x04, 0x0D])
    }

    private func send(_ bytes: [UInt8]) {
        _ = unsafe bytes.withUnsafeBytes { unsafe write(master, $0.baseAddress, $0.count) }
    }

    private func waits(for text: String) -> Bool {
        let wanted = Array(text.utf8)
        return waits {
            let start = seen.withLock { $0 }
            guard let end = bytes.withLock({ place(of: wanted, in: $0, from: start) }) else {
                return false
            }
            seen.withLock { $0 = end }
            return true
        }
    }

    private func waits(until isDone: () -> Bool) -> Bool {
        let deadline = MonotonicClock.seconds() + 5
        while MonotonicClock.seconds() < deadline {
            if isDone() { return true }
            readAvailable(milliseconds: 10)
        }
        return false
    }

    private var modes: tcflag_t {
        var settings = termios()
        _ = unsafe tcgetattr(master, &settings)
        return settings.c_lflag
    }

    func drain() {
        while readAvailable(milliseconds: 20) {}
    }

    @discardableResult
    private func readAvailable(milliseconds: Int32) -> Bool {
        var request = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&request, 1, milliseconds) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe read(master, $0.baseAddress, $0.count)
        }
        guard count > 0 else { return false }
        bytes.withLock { $0 += buffer[..<count] }
        return true
    }

    private func place(of wanted: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + wanted.count <= bytes.count {
            if bytes[index..<(index + wanted.count)].elementsEqual(wanted) {
                return index + wanted.count
            }
            index += 1
        }
        return nil
    }
}
