import HumanFeedback
import Testing

@Suite struct FeedbackFileTests {
    @Test func everyShapeIsRead() throws {
        func shape(_ row: String) throws -> FeedbackShape { try read(row).shape }
        #expect(try shape(#"{"text":"t"}"#) == .text)
        #expect(try shape(#"{"prompt":"p"}"#) == .promptOnly)
        #expect(try shape(#"{"prompt":"p","completion":"c"}"#) == .promptCompletion)
        #expect(try shape(#"{"prompt":"p","chosen":"c","rejected":"r"}"#) == .preference)
        #expect(try shape(#"{"chosen":"p c","rejected":"p r"}"#) == .implicitPreference)
        #expect(try shape(#"{"prompt":"p","completion":"c","label":true}"#) == .unpaired)
        #expect(try shape(#"[{"prompt":"p","answer1":"a","answer2":"b"}]"#) == .pairList)
        #expect(try shape(#"{"prompt":"p","ranking":["a","b"]}"#) == .ranking)
        #expect(try shape(#"{"pair_id":1,"annotator":2,"verdict":"left"}"#) == .vote)
    }

    @Test func plainTextHasAnEmptyPrompt() throws {
        let file = try read(#"{"text":"t"}"#)
        #expect(try file.demonstrations() == [Demonstration(prompt: "", completion: "t")])
    }

    @Test func hiddenPromptsAreFound() throws {
        let file = try read(#"{"chosen":"Tea? Yes","rejected":"Tea? No","margin":2}"#)
        #expect(
            try file.preferencePairs().pairs == [
                PreferencePair(prompt: "Tea?", chosen: " Yes", rejected: " No", margin: 2)
            ])
    }

    @Test func columnsThatAreNotReadAreCounted() throws {
        let file = try read(
            #"{"prompt":"p","source":"x"}"# + "\n" + #"{"prompt":"q","source":1,"score":2}"#)
        #expect(file.unreadColumns.map { "\($0.name) \($0.rows)" } == ["source 2", "score 1"])
    }

    @Test func aMissingKeyIsToldWithItsLine() {
        let problem = RowProblem(
            key: "rejected", expected: "a string or a list of messages",
            found: "no such key (the keys are prompt, chosen)")
        #expect(throws: FeedbackError.badRow(path: "rows", line: 2, problem: problem)) {
            try read(
                #"{"prompt":"p","chosen":"c","rejected":"r"}"# + "\n"
                    + #"{"prompt":"p","chosen":"c"}"#)
        }
    }

    @Test func aWrongKindOfValueIsToldWithItsLine() {
        let problem = RowProblem(key: "text", expected: "a string", found: "an integer")
        #expect(throws: FeedbackError.badRow(path: "rows", line: 3, problem: problem)) {
            try read("[{\"text\":\"a\"},\n{\"text\":\"b\"},\n{\"text\":3}]")
        }
    }

    @Test func rowsMustBeObjects() {
        let problem = RowProblem(key: "", expected: "an object", found: "a string")
        #expect(throws: FeedbackError.badRow(path: "rows", line: 1, problem: problem)) {
            try read(#"["a","b"]"#)
        }
    }

    @Test func anUnknownShapeShowsItsKeys() {
        let expected = FeedbackError.unknownShape(
            path: "rows", line: 2, keys: ["question", "answer"])
        #expect(throws: expected) { try read("\n{\"question\":\"a\",\"answer\":\"b\"}\n") }
    }

    @Test func mixedShapesAreRefused() {
        let expected = FeedbackError.mixedShapes(
            path: "rows", line: 3, expected: .promptCompletion, found: .preference, firstLine: 1)
        #expect(throws: expected) {
            try read(
                #"{"prompt":"p","completion":"c"}"# + "\n" + #"{"prompt":"p","completion":"d"}"#
                    + "\n" + #"{"prompt":"p","chosen":"c","rejected":"r"}"#)
        }
    }

    @Test func aCommandIsToldWhatTheFileIs() throws {
        let demonstrations = try read(#"{"prompt":"p","completion":"c"}"#)
        let expected = FeedbackError.wrongShape(
            path: "rows", expected: [.preference, .implicitPreference, .ranking, .labelStudio],
            found: .promptCompletion)
        #expect(throws: expected) { try demonstrations.preferencePairs() }
        #expect(throws: FeedbackError.self) { try demonstrations.comparisons() }
        #expect(throws: FeedbackError.self) { try demonstrations.votes() }
        let votes = try read(#"{"pair_id":1,"annotator":2,"verdict":"left"}"#)
        #expect(throws: FeedbackError.self) { try votes.prompts() }
        #expect(throws: FeedbackError.self) { try votes.demonstrations() }
        #expect(try votes.votes().map(\.comparisonID) == ["1"])
        #expect(throws: FeedbackError.self) { try read(#"{"text":"t"}"#).prompts() }
    }

    @Test func promptsOfOtherFilesAreDistinct() throws {
        let file = try read(
            #"{"prompt":"p","completion":"c"}"# + "\n" + #"{"prompt":"q","completion":"c"}"#
                + "\n" + #"{"prompt":"p","completion":"d"}"#)
        #expect(try file.prompts() == [Prompt(text: "p"), Prompt(text: "q")])
        let prompts = try read("{\"prompt\":\"p\"}\n{\"prompt\":\"p\"}")
        #expect(try prompts.prompts().count == 2, "a prompt file is taken as it is")
    }

    @Test func aLargeFileIsRead() throws {
        let row = { (number: Int) in
            #"{"prompt":"prompt \#(number % 500)","chosen":"a good answer \#(number)","#
                + #""rejected":"a bad answer \#(number)"}"#
        }
        let text = (0..<3_000).map(row).joined(separator: "\n")
        let clock = ContinuousClock()
        var file = try read(row(0))
        let time = try clock.measure { file = try read(text) }
        #expect(file.data.count == 3_000)
        #expect(file.lines.last == 3_000)
        #expect(time < .seconds(20))
        let array = try read("[" + text.split(separator: "\n").joined(separator: ",\n") + "]")
        #expect(array.data == file.data)
        #expect(array.lines == file.lines)
    }

    @Test(arguments: 0..<10) func writtenFilesReadBackTheSame(seed: Int) throws {
        var random = RandomTexts(seed: seed)
        var pairs: [PreferencePair] = []
        for _ in 0..<(1 + random.number(below: 20)) {
            pairs.append(
                PreferencePair(
                    prompt: random.text(), chosen: random.text(), rejected: random.text(),
                    margin: random.optional(0.1)))
        }
        let lines = try read(FeedbackWriter.jsonLines(pairs))
        #expect(lines.data == .pairs(pairs))
        #expect(lines.lines == Array(1...pairs.count))
        let array = try read(FeedbackWriter.jsonArray(pairs.map(\.json)))
        #expect(array.data == .pairs(pairs))
    }
}
