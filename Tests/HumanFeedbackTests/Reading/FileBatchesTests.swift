import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct FileBatchesTests {
    private static let rows = (0..<57).map {
        #"{"prompt":"p\#($0) [,]\"","chosen":"a\#($0)","rejected":"b,}]\\"}"#
    }

    private func lines(_ text: String, size: Int) throws -> (prompts: [String], lines: [Int]) {
        let folder = try TemporaryFolder()
        let path = try folder.file(text)
        var prompts: [String] = []
        var lines: [Int] = []
        try FileBatches(path: path, size: size).forEach { (batch) throws(FeedbackError) in
            let source = RowSource(path: path, bytes: batch.bytes, linesBefore: batch.linesBefore)
            try source.forEach { line, row in
                prompts.append(row["prompt"]?.stringValue ?? "")
                lines.append(line)
            }
        }
        return (prompts, lines)
    }

    // The first block must hold the header of a table.
    @Test(arguments: [16, 64, 100, 1000, 100_000])
    func everyRowComesOnceWithItsLineWhateverTheSize(size: Int) throws {
        let expected = (0..<57).map { "p\($0) [,]\"" }
        let asLines = try lines(Self.rows.joined(separator: "\n") + "\n", size: size)
        #expect(asLines.prompts == expected)
        #expect(asLines.lines == Array(1...57))
        let asArray = try lines(
            "[\n" + Self.rows.joined(separator: ",\n") + "\n]\n", size: size)
        #expect(asArray.prompts == expected)
        #expect(asArray.lines == Array(2...58))
        let table = "prompt,chosen\n" + (0..<57).map { "p\($0),\"a\nb\"\n" }.joined()
        #expect(try lines(table, size: size).prompts == (0..<57).map { "p\($0)" })
    }

    @Test func partsOfAFileMustHaveOneShape() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file(
            Self.rows.joined(separator: "\n") + "\n{\"text\":\"x\"}\n")
        #expect(throws: FeedbackError.self) {
            try FeedbackFile.forEachPart(path: path) { _ in }
        }
    }
}
