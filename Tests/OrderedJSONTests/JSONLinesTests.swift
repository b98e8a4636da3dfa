import OrderedJSON
import Testing

@Suite struct JSONLinesTests {
    private func lines(_ text: String) -> [String] {
        JSONLines(Array(text.utf8)).map { line, bytes in
            "\(line):\(String(decoding: bytes, as: UTF8.self))"
        }
    }

    @Test func linesHaveTheirNumberInTheFile() {
        #expect(lines("a\nb\nc\n") == ["1:a", "2:b", "3:c"])
        #expect(lines("a\nb") == ["1:a", "2:b"])
    }

    @Test func blankLinesAreSkippedButCounted() {
        #expect(lines("\n\na\n \t\n\r\nb\n\n") == ["3:a", "6:b"])
        #expect(lines("") == [])
        #expect(lines("\n  \n") == [])
    }

    @Test func windowsFilesAreRead() {
        #expect(lines("\u{FEFF}a\r\nb\r\n") == ["1:a", "2:b"])
    }

    @Test func onlyTheLineEndIsTaken() {
        #expect(lines(" a \n\u{2028}b\rc\n") == ["1: a ", "2:\u{2028}b\rc"])
    }

    @Test func aLineParsesWithItsNumber() throws {
        let file = Array("{\"a\":1}\n{\"a\":}\n".utf8)
        var problems: [JSONError] = []
        for (line, bytes) in JSONLines(file) {
            do {
                #expect(try JSON(parsing: bytes, firstLine: line)["a"] == 1)
            } catch {
                problems.append(error)
            }
        }
        #expect(
            problems == [JSONError(line: 2, column: 6, problem: "expected a value, found \"}\"")])
    }
}
