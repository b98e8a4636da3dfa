/// The lines of a JSON lines file, each with its number in the file.
///
/// Blank lines are skipped but counted; a byte order mark at the start and `\r\n` line ends are
/// accepted. The bytes are slices of the file: nothing is copied.
public struct JSONLines: Sequence, Sendable {
    private let bytes: [UInt8]

    /// Creates the lines of a whole file.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public func makeIterator() -> Iterator { Iterator(bytes) }

    /// Finds one line after the other.
    public struct Iterator: IteratorProtocol {
        private let bytes: [UInt8]
        private var position: Int
        private var line = 0

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            position = bytes.starts(with: Ascii.byteOrderMark) ? 3 : 0
        }

        public mutating func next() -> (line: Int, bytes: ArraySlice<UInt8>)? {
            while position < bytes.count {
                let start = position
                var isBlank = true
                while position < bytes.count, bytes[position] != Ascii.newline {
                    if !isWhiteSpace(bytes[position]) { isBlank = false }
                    position += 1
                }
                var end = position
                position += 1
                line += 1
                if isBlank { continue }
                if bytes[end - 1] == Ascii.carriageReturn { end -= 1 }
                return (line, bytes[start..<end])
            }
            return nil
        }
    }
}

/// The four bytes JSON allows between tokens.
func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == Ascii.space || byte == Ascii.newline || byte == Ascii.carriageReturn
        || byte == Ascii.tab
}
