import Foundation
import OrderedJSON
import TerminalUI
import Testing

@testable import Notebook

/// Journals of many cells and outputs of many bytes.
@Suite(.serialized) struct LargeSessionTests {
    @Test func `a journal of many cells opens, and says how long it took`() throws {
        let cellCount = Soak.count(short: 2_000, whole: 100_000)
        let folder = try TemporaryFolder()
        try SessionFolder.create(at: folder("s"), .example).close()
        var bytes = try folder.read("s/journal.jsonl")
        var contents = JournalContents(bytes)
        var sequence = contents.records.count
        func add(_ change: CellRecord) {
            sequence += 1
            let line = JournalRecord(
                sequence: sequence, time: "2026-11-28T10:00:00Z", type: change.type,
                fields: change.fields()
            ).line(previous: contents.lastCRC)
            contents.lastCRC = line.crc
            bytes += line.bytes
        }
        for number in 1...cellCount {
            let id = "c-\(number)"
            add(.begin(cell: id, CellStart(number: number, source: ":note \(number)")))
            add(.output(cell: id, .text("\(number)\n")))
            add(.end(cell: id, CellResult(state: .ok, seconds: 0.001)))
        }
        try folder.write("s/journal.jsonl", bytes)
        let start = MonotonicClock.seconds()
        let session = try SessionFolder.open(at: folder("s"))
        let seconds = MonotonicClock.seconds() - start
        print(
            "reliability: a journal of \(cellCount) cells and \(bytes.count) bytes opened in "
                + "\(formatted(seconds: seconds))")
        #expect(session.cells.count == cellCount)
        #expect(session.cells.allSatisfy { $0.state == .ok })
        #expect(session.newCellID() == "c-\(cellCount + 1)")
    }

    /// A line of a given size that is not wrapped.
    private struct Flood: Renderable {
        let line: StyledLine

        init(byteCount: Int) {
            line = StyledLine(String(repeating: "0123456789abcdef", count: byteCount / 16))
        }

        func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] { [line] }
    }

    @Test func `an output too long to show is capped on the screen and whole on disk`() throws {
        let pieceCount = Soak.count(short: 3, whole: 1024)
        let folder = try TemporaryFolder()
        let console = Console(settings: Settings())
        console.isSilent = true
        console.startCell(longOutputPath: folder("outputs/c-1.txt"))
        console.say("first")
        let flood = Flood(byteCount: 1 << 20)
        for _ in 0..<pieceCount { console.show(flood) }
        console.say("last")
        console.finishCell()
        let shown = console.outputs.map { output -> String in
            if case .text(let text) = output.content { text } else { "" }
        }
        let size = shown.reduce(0) { $0 + $1.utf8.count }
        #expect(size < 64 * 1024)
        #expect(shown.first == "first\n")
        #expect(shown.last?.contains("last") == true)
        #expect(shown.last?.contains("outputs/c-1.txt") == true)
        let kept = try PosixFile(folder("outputs/c-1.txt"), .reading).size()
        #expect(kept == pieceCount * ((1 << 20) + 1) + "last\n".utf8.count)
        print("reliability: an output of \(kept) bytes kept on disk, \(size) bytes shown")
        #expect(console.outputs.count { !$0.isReproducible } == 0)
    }

    @Test func `a short output is shown whole and leaves no file`() throws {
        let folder = try TemporaryFolder()
        let console = Console(settings: Settings())
        console.isSilent = true
        console.startCell(longOutputPath: folder("outputs/c-1.txt"))
        for _ in 0..<10 { console.say("line") }
        console.finishCell()
        #expect(console.outputs.count == 10)
        #expect(try Posix.kind(of: folder("outputs")) == nil)
    }
}
