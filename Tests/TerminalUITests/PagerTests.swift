import Testing

@testable import TerminalUI

struct PagerTests {
    /// A pager on a window of 10 rows whose user presses these keys and then nothing more.
    private final class Reader {
        var written = ""
        var keys: [KeyResult]
        var isTypingAhead = false
        private(set) var pager: Pager?

        init(_ keys: [KeyResult], columns: Int = 80) {
            self.keys = keys
            pager = Pager(
                capabilities: .plain, rows: { 10 }, columns: { columns },
                hasTypeAhead: { [unowned self] in isTypingAhead },
                readKey: { [unowned self] in
                    self.keys.isEmpty ? .endOfInput : self.keys.removeFirst()
                },
                write: { [unowned self] in written += $0 })
        }

        func show(_ count: Int) { pager?.show((1...count).map { StyledLine("line \($0)") }) }
        var lines: [String] {
            written.split(separator: "\n").map { line in
                String(line.split(separator: "\r").last ?? "")
            }.filter { $0.hasPrefix("line ") }
        }
        var questions: Int { written.split(separator: "-- more").count - 1 }
    }

    @Test func whatFitsIsShownWithoutAQuestion() {
        let reader = Reader([])
        reader.show(8)
        #expect(reader.lines.count == 8)
        #expect(reader.questions == 0)
    }

    @Test func spaceShowsAScreenAndEnterALine() {
        let reader = Reader([.key(.enter), .key(.character(" ")), .key(.character("q"))])
        reader.show(40)
        // A screen of 8, a line, another screen.
        #expect(reader.lines == (1...17).map { "line \($0)" })
        #expect(reader.questions == 3)
    }

    @Test(arguments: [KeyResult.cancelled, .endOfInput, .key(.escape), .key(.character("q"))])
    func leavingEndsTheOutputOfTheCommandAlone(key: KeyResult) {
        let reader = Reader([key])
        reader.show(20)
        reader.show(5)
        #expect(reader.lines.count == 8)
        reader.pager?.begin()
        reader.show(5)
        #expect(reader.lines.count == 13)
    }

    @Test func everythingComesAtOnceWhenAsked() {
        let reader = Reader([.key(.character("x")), .key(.character("a"))])
        reader.show(100)
        #expect(reader.lines == (1...100).map { "line \($0)" })
        #expect(reader.questions == 1)
    }

    @Test func shortOutputsAddUp() {
        let reader = Reader([.key(.character("q"))])
        for _ in 0..<20 { reader.show(1) }
        #expect(reader.lines.count == 8)
    }

    @Test func nothingWaitsForWhoTypesAhead() {
        let reader = Reader([])
        reader.isTypingAhead = true
        reader.show(50)
        #expect(reader.lines.count == 50)
    }

    @Test func wrappedLinesTakeTheirRows() {
        let reader = Reader([.key(.character("q"))], columns: 20)
        reader.pager?.show(
            (1...20).map { StyledLine("line \($0) " + String(repeating: "x", count: 30)) })
        #expect(reader.lines.count == 4)
    }
}
