// The system calls of this module; beside the line editor and TerminalProgram the only file with
// `unsafe` in it.

internal import CLineEditor
internal import Glibc

extension TerminalCapabilities {
    /// What a descriptor of this process can show. Sets the locale of the process, once.
    public static func detect(
        descriptor: Int32 = 1, colorMode: ColorMode = .auto
    ) -> TerminalCapabilities {
        TerminalCapabilities(
            isTerminal: isatty(descriptor) == 1, window: windowSize(descriptor: descriptor),
            isUTF8: line_editor_prepare_locale() == 1, colorMode: colorMode,
            environment: environmentValue)
    }

    /// The window's columns now, nil where there is no window.
    public static func currentColumns(descriptor: Int32 = 1) -> Int? {
        windowSize(descriptor: descriptor)?.columns
    }

    /// The window's rows now, nil where there is no window.
    public static func currentRows(descriptor: Int32 = 1) -> Int? {
        windowSize(descriptor: descriptor)?.rows
    }

    private static func windowSize(descriptor: Int32) -> (rows: Int, columns: Int)? {
        var rows: Int32 = 0
        var columns: Int32 = 0
        let found = unsafe terminal_window_size(descriptor, &rows, &columns)
        return found == 0 ? (Int(rows), Int(columns)) : nil
    }
}

private func environmentValue(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
}

/// The two streams of text that a program writes.
public enum StandardStream: Int32, Sendable {
    case output = 1
    case errors = 2

    /// Writes the whole text, in as many calls as it takes.
    public func write(_ text: String) throws(TerminalError) {
        try writeAll(Array(text.utf8), to: rawValue)
    }
}

/// Writes all bytes; waits where the other side is slow.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(TerminalError) {
    var written = 0
    while written < bytes.count {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        }
        if count >= 0 {
            written += count
            continue
        }
        switch errno {
        case EINTR: continue
        case EAGAIN: _ = waitUntilReady(descriptor, for: POLLOUT, milliseconds: -1)
        case EPIPE: throw TerminalError.closed(descriptor: descriptor)
        default: throw TerminalError.writeFailed(descriptor: descriptor, errno: errno)
        }
    }
}

/// Reads what is there, up to `limit` bytes; empty at the end of input.
func readBytes(from descriptor: Int32, limit: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    while true {
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        }
        if count >= 0 { return Array(bytes[..<count]) }
        if errno == EAGAIN { _ = waitUntilReady(descriptor, for: POLLIN, milliseconds: -1) }
        if errno != EINTR && errno != EAGAIN { return [] }
    }
}

/// Whether a descriptor became ready in time.
func waitUntilReady(_ descriptor: Int32, for events: Int32, milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    while true {
        let count = unsafe poll(&request, 1, milliseconds)
        if count >= 0 { return count > 0 }
        if errno != EINTR { return false }
    }
}

/// Whether a key comes within the time.
func keyIsWaiting(_ descriptor: Int32, milliseconds: Int32) -> Bool {
    waitUntilReady(descriptor, for: POLLIN, milliseconds: milliseconds)
}

/// Raw mode of a terminal, left when the value ends, however that comes about.
@safe struct RawMode: ~Copyable {
    private let settings: OpaquePointer

    init?(descriptor: Int32) {
        guard let settings = unsafe terminal_enter_raw(descriptor) else { return nil }
        unsafe self.settings = settings
    }

    deinit {
        unsafe terminal_restore(settings)
    }
}

/// Seconds of a clock that never jumps.
public enum MonotonicClock {
    public static func seconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
}
