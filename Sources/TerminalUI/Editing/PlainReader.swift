/// Lines from a file or a pipe: no prompt, no editing, nothing written.
public final class PlainReader: LineEditor {
    public var completer: Completer?

    private let read: () -> [UInt8]
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    public convenience init(descriptor: Int32 = 0) {
        self.init { readBytes(from: descriptor, limit: 1 << 16) }
    }

    /// - Parameter read: The next bytes, empty at the end.
    init(read: @escaping () -> [UInt8]) {
        self.read = read
    }

    /// The next line. A final line needs no newline; a carriage return before it is dropped.
    public func readLine(prompt: StyledLine, prefill: String?) -> LineResult {
        guard var line = nextLine() else { return .endOfInput }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return .line(String(decoding: line, as: UTF8.self))
    }

    /// The first character of the next line; an empty one is Enter.
    public func readKey() -> KeyResult {
        guard case .line(let line) = readLine(prompt: "", prefill: nil) else { return .endOfInput }
        return .key(line.first.map { .character($0) } ?? .enter)
    }

    public func addHistory(_ line: String) {}
    public func beginRunning() {}
    public func endRunning() {}

    private func nextLine() -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return buffer[start..<end]
            }
            searched = buffer.count
            if isAtEnd {
                defer { start = buffer.count }
                return start < buffer.count ? buffer[start...] : nil
            }
            let bytes = read()
            isAtEnd = bytes.isEmpty
            buffer.removeFirst(start)
            searched -= start
            start = 0
            buffer += bytes
        }
    }
}
