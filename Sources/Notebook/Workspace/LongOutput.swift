import TerminalUI

/// The output of a cell that is too long to show and to journal: a file takes all of it, the screen
/// its beginning and its end.
final class LongOutput {
    /// How many bytes a cell may show before the rest goes to a file.
    static let limit = 256 * 1024
    /// What is shown of the output that reaches the limit, and of the end.
    static let headLines = 200
    static let tailLines = 50
    private static let headBytes = 32 * 1024
    private static let tailBytes = 8 * 1024

    let path: String
    private var file: PosixFile?
    private var hasher = DigestHasher()
    private(set) var byteCount = 0
    private(set) var lineCount = 0
    private var tail: [UInt8] = []
    /// Why the file is not whole, or nil.
    private(set) var problem: PosixError?

    /// Begins a new file in place of one of an earlier run.
    init(path: String) {
        self.path = path
        do throws(PosixError) {
            try Files.makeFolders(Files.parent(of: path))
            if try Posix.kind(of: path) != nil { try Posix.remove(path) }
            file = try PosixFile(path, .creatingForAppending)
        } catch {
            problem = error
        }
    }

    /// Takes in some text, a MiB at a time.
    func append(_ text: String) {
        let bytes = text.utf8
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes.index(start, offsetBy: 1 << 20, limitedBy: bytes.endIndex)
            take(Array(bytes[start..<(end ?? bytes.endIndex)]))
            start = end ?? bytes.endIndex
        }
    }

    private func take(_ piece: [UInt8]) {
        hasher.update(piece)
        byteCount += piece.count
        lineCount += piece.count { $0 == UInt8(ascii: "\n") }
        tail = Array((tail + piece.suffix(Self.tailBytes)).suffix(Self.tailBytes))
        if problem != nil { return }
        do throws(PosixError) { try file?.write(piece) } catch { problem = error }
    }

    /// Puts the file on the device and says where it is; `head` was shown when it began.
    func finish() -> String {
        if problem == nil {
            do throws(PosixError) {
                try file?.synchronize()
                try Posix.synchronizeFolder(Files.parent(of: path))
            } catch {
                problem = error
            }
        }
        let size =
            "\(formatted(count: lineCount)) lines, \(formatted(count: byteCount)) bytes, "
            + hasher.finish().description
        let place =
            problem.map { "they could not all be written to \(path): \($0.reason)" }
            ?? "all of them are in \(Files.name(of: Files.parent(of: path)))/\(Files.name(of: path))"
        return "…\n\(lastLines)\n[\(size); \(place)]\n"
    }

    private var lastLines: String {
        // A tail that begins inside a character begins with its next one.
        let whole = tail.drop { $0 & 0xC0 == 0x80 }
        return String(decoding: whole, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).suffix(Self.tailLines).joined(separator: "\n").trimmingBlanks
    }

    /// The beginning of a text that is too long.
    static func head(of text: String) -> String {
        var bytes = Array(text.utf8.prefix(headBytes))
        while let last = bytes.last, bytes.count == headBytes, last >= 0x80 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).prefix(headLines).joined(separator: "\n") + "\n"
    }
}
