import HumanFeedback
import OrderedJSON
import Testing

@testable import Notebook

@Suite struct LintCommandTests {
    let fixture: CommandFixture

    init() throws { fixture = try CommandFixture() }

    private static let doubtful = """
        {"prompt":"Why?","chosen":"Because.","rejected":"No."}
        {"prompt":"Why?","chosen":"Because.","rejected":"No."}
        {"prompt":"Why?","chosen":"No.","rejected":"Because."}
        {"prompt":"How?","chosen":"So.","rejected":"So."}

        """

    @Test func findingsAreShownWithTheirLines() throws {
        try fixture.run("lint", try fixture.write("pairs.jsonl", Self.doubtful))
        let lines = fixture.shown.split(separator: "\n")
        #expect(fixture.shown.contains("pairs.jsonl: 4 rows\n"))
        #expect(lines.contains { $0.hasPrefix("duplicate") && $0.contains("line 2") })
        #expect(lines.contains { $0.hasPrefix("contradiction") && $0.contains("line 3") })
        #expect(lines.contains { $0.hasPrefix("identical-answers") && $0.contains("line 4") })
        #expect(
            fixture.shownInOneLine.hasSuffix(
                "the chosen answer is the longer one in 67% of the pairs of unequal length (2 of 3)"
            ))
    }

    @Test func soundDataIsSaidToBeSound() throws {
        let path = try fixture.write("demos.jsonl", #"{"prompt":"a","completion":"b"}"# + "\n")
        try fixture.run("lint", path)
        #expect(fixture.shownInOneLine == "\(path): 1 row, nothing doubtful")
    }

    @Test func promptsInTwoFilesAreALeak() throws {
        let train = try fixture.write("train.jsonl", Self.doubtful)
        let held = try fixture.write(
            "held.jsonl", "{\"prompt\":\"Where?\"}\n{\"prompt\":\"How?\"}\n")
        try fixture.run("lint", train, held)
        #expect(fixture.shownInOneLine.contains("1 row of"))
        #expect(fixture.shownInOneLine.contains("(line 2): a leak, if one is for"))
    }

    @Test func jsonCountsByReason() throws {
        let path = try fixture.write("pairs.jsonl", Self.doubtful)
        let file = try FeedbackFile.read(path: path)
        let json = LintView(path: path, lint: Lint(of: file)).json
        #expect(json["path"]?.stringValue == path)
        #expect(json["rows"] == 4)
        #expect(
            json["counts"]
                == ["duplicate": 1, "contradiction": 1, "identical-answers": 1])
        #expect(json["findings"]?["contradiction"] == ["count": 1, "lines": [3]])
    }

    @Test func manyLinesEndInAnEllipsis() {
        #expect(LintView.lines([3], count: 1) == "line 3")
        #expect(LintView.lines([3, 4, 5, 6, 7], count: 9) == "lines 3, 4, 5, 6, 7, …")
    }
}
