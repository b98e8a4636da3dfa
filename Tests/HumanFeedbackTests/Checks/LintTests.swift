import HumanFeedback
import OrderedJSON
import Testing

@Suite struct LintTests {
    private func findings(_ text: String, longestText: Int = 100) throws -> [String] {
        Lint(of: try read(text), longestText: longestText).findings.map {
            "\($0.reason.rawValue) \($0.count) \($0.lines)"
        }
    }

    @Test func soundRowsHaveNoFindings() throws {
        #expect(
            try findings(
                """
                {"prompt":"p","chosen":" a","rejected":"b"}
                {"prompt":"p","chosen":"c","rejected":"b"}
                {"prompt":"q","chosen":"b","rejected":" a"}
                """) == [])
    }

    @Test func duplicatesAndContradictionsAreFound() throws {
        #expect(
            try findings(
                """
                {"prompt":"p","chosen":"a","rejected":"b"}
                {"prompt":"p","chosen":"a","rejected":"b"}
                {"prompt":"p","chosen":"b","rejected":"a"}
                {"prompt":"p","chosen":"a","rejected":"b","annotator":"x"}
                """) == ["duplicate 1 [2]", "contradiction 2 [3, 4]"])
        #expect(
            try findings(
                """
                {"prompt":"p","completion":"a","label":true}
                {"prompt":"p","completion":"a","label":false}
                {"prompt":"p","completion":"a","label":false}
                """) == ["duplicate 1 [3]", "contradiction 2 [2, 3]"])
        #expect(
            try findings(
                """
                {"pair_id":1,"annotator":"a","verdict":"left"}
                {"pair_id":1,"annotator":"b","verdict":"tie"}
                {"pair_id":1,"annotator":"b","verdict":"right","criterion":"harm"}
                {"pair_id":1,"annotator":"c","verdict":"right"}
                {"pair_id":1,"annotator":"a","verdict":"left"}
                """) == ["duplicate 1 [5]", "contradiction 2 [4, 5]"])
        #expect(
            try findings("[{\"prompt\":\"p\"},\n{\"prompt\":\"p\"}]") == ["duplicate 1 [2]"])
    }

    @Test func answersRatedInTwoWaysAreFound() throws {
        #expect(
            try findings(
                """
                {"prompt":"p","completion":"a","rating":4}
                {"prompt":"p","completion":"b","rating":4}
                {"prompt":"p","completion":"a","rating":4}
                {"prompt":"p","completion":"a","rating":1.5}
                {"prompt":"q","completion":"a","rating":1.5}
                """) == ["duplicate 1 [3]", "other-rating 1 [4]"])
    }

    @Test func theLengthOfBetterRatedAnswersIsSeen() throws {
        let ratings = try read(
            """
            {"prompt":"p","completion":"long answer.","rating":4}
            {"prompt":"p","completion":"short.","rating":1}
            {"prompt":"q","completion":"middle..","rating":0.5}
            {"prompt":"q","completion":"tiny.","rating":2}
            {"prompt":"q","completion":"ty.","rating":2}
            """)
        let bias = try #require(Lint(of: ratings).lengthBias)
        #expect([bias.chosenLonger, bias.rejectedLonger] == [1, 2])
        let thumbs = try read(
            """
            {"prompt":"p","completion":"a.","label":false}
            {"prompt":"p","completion":"abc.","label":true}
            {"prompt":"q","completion":"abcd.","label":true}
            """)
        #expect(try #require(Lint(of: thumbs).lengthBias).share == 1)
    }

    /// One prompt with many answers must not make all their pairs.
    @Test func manyRatingsOfAPromptAreLintedInPassing() throws {
        let rows = (0..<4_000).map {
            #"{"prompt":"p","completion":"answer \#($0).","rating":\#($0 % 7)}"#
        }
        let bias = try #require(Lint(of: try read(rows.joined(separator: "\n"))).lengthBias)
        #expect(bias.chosenLonger + bias.equal + bias.rejectedLonger <= 8 * 4_000)
    }

    @Test func textsThatOnlyLookEqualAreNoDuplicates() throws {
        #expect(try findings("{\"prompt\":\"\u{E9}\"}\n{\"prompt\":\"e\u{301}\"}") == [])
    }

    @Test func annotatorsWhoDisagreeOnAnExportAreFound() throws {
        let file = try FeedbackFile.read(path: labelStudioFixture("written_export.json"))
        let lint = Lint(of: file)
        let contradictions = lint.findings.filter { $0.reason == .contradiction }
        #expect(contradictions.map(\.count) == [2])
        #expect(contradictions.map(\.lines) == [[2, 24]])
        #expect(lint.counts == file.counts)
    }

    @Test func emptyAndIdenticalTextsAreFound() throws {
        #expect(
            try findings(
                """
                {"prompt":"p","chosen":"a","rejected":" a\\n"}
                {"prompt":"p","chosen":"","rejected":"b"}
                {"prompt":" ","chosen":"a","rejected":"b"}
                """) == [
                    "identical-answers 1 [1]", "empty-text 2 [2, 3]",
                    "surrounding-white-space 1 [1]",
                ])
    }

    @Test func whiteSpaceIsFoundWhereItMatters() throws {
        #expect(
            try findings(
                """
                {"prompt":"p ","completion":"a"}
                {"prompt":" p","completion":"a"}
                {"prompt":"p","completion":"a\\n"}
                {"prompt":"p","completion":"  a"}
                {"prompt":"p2","completion":" a"}
                {"prompt":"p3","completion":"\\na b"}
                """) == ["surrounding-white-space 4 [1, 2, 3, 4]"])
    }

    @Test func lengthIsCountedInCharacters() throws {
        let text = { (count: Int) in String(repeating: "é", count: count) }
        #expect(try findings("{\"text\":\"\(text(100))\"}") == [])
        #expect(try findings("{\"text\":\"\(text(101))\"}") == ["very-long 1 [1]"])
    }

    @Test func onlyTheFirstLinesAreShown() throws {
        let rows = (1...20).map { _ in "{\"prompt\":\"p\"}" }.joined(separator: "\n")
        #expect(try findings(rows) == ["duplicate 19 [2, 3, 4, 5, 6]"])
    }

    @Test func promptsSharedByTwoFilesAreFound() throws {
        let training = try read("{\"prompt\":\"a\"}\n{\"prompt\":\"b\"}")
        let heldOut = try read(
            "{\"prompt\":\"c\",\"completion\":\"x\"}\n{\"prompt\":\"b\",\"completion\":\"x\"}\n"
                + "{\"prompt\":\"b\",\"completion\":\"y\"}")
        let finding = try #require(Lint.sharedPrompts(training, heldOut))
        #expect(finding.reason == .sharedPrompt)
        #expect(finding.count == 2)
        #expect(finding.lines == [2, 3])
        #expect(Lint.sharedPrompts(training, try read("{\"prompt\":\"z\"}")) == nil)
        #expect(Lint.sharedPrompts(training, try read("{\"text\":\"a\"}")) == nil)
    }

    @Test func lengthBiasIsMeasured() throws {
        let lint = Lint(
            of: try read(
                """
                {"prompt":"1","chosen":"long","rejected":"s"}
                {"prompt":"2","chosen":"long","rejected":"s"}
                {"prompt":"3","chosen":"é","rejected":"e"}
                {"prompt":"4","chosen":"s","rejected":"long"}
                """))
        let bias = try #require(lint.lengthBias)
        #expect((bias.chosenLonger, bias.equal, bias.rejectedLonger) == (2, 1, 1))
        #expect(abs(bias.share - 2.0 / 3) < 1e-12)
        #expect(
            lint.json["length_bias"]?.objectValue?.keys == [
                "chosen_longer", "equal", "rejected_longer", "share",
            ])
        #expect(Lint(of: try read("{\"prompt\":\"p\"}")).lengthBias == nil)
    }

    @Test func theJSONHasReasonsAndLines() throws {
        let lint = Lint(of: try read("{\"prompt\":\"p\"}\n{\"prompt\":\"p\"}"))
        #expect(
            lint.json.text
                == #"{"rows":2,"findings":{"duplicate":{"count":1,"lines":[2]}},"counts":{}}"#)
    }
}
