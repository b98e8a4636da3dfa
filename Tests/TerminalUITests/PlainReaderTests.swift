import Testing

@testable import TerminalUI

struct PlainReaderTests {
    /// Gives the bytes in pieces of every size.
    private func lines(_ bytes: [UInt8], piece: Int) -> [LineResult] {
        var rest = bytes[...]
        let reader = PlainReader {
            defer { rest = rest.dropFirst(piece) }
            return Array(rest.prefix(piece))
        }
        var lines: [LineResult] = []
        while lines.last != .endOfInput { lines.append(reader.readLine(prompt: "> ")) }
        return lines.dropLast()
    }

    @Test(arguments: 1...20)
    func linesComeInOrderHoweverTheyArrive(piece: Int) {
        #expect(
            lines(Array("a\n\nb c\r\nhé 日\nlast".utf8), piece: piece)
                == ["a", "", "b c", "hé 日", "last"].map { .line($0) })
        #expect(lines(Array("x\n".utf8), piece: piece) == [.line("x")])
        #expect(lines([], piece: piece) == [])
    }

    @Test func keysAreFirstCharacters() {
        var text: [UInt8]? = Array("left\n\n".utf8)
        let reader = PlainReader {
            defer { text = nil }
            return text ?? []
        }
        #expect(reader.readKey() == .key(.character("l")))
        #expect(reader.readKey() == .key(.enter))
        #expect(reader.readKey() == .endOfInput)
    }
}
