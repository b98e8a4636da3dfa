import HumanFeedback
import Testing

@Suite struct RowSourceTests {
    @Test func linesAndArraysGiveTheSameRows() throws {
        let lines = try read("{\"prompt\":\"a\"}\n\n{\"prompt\":\"b\"}\n")
        let array = try read("\n[{\"prompt\":\"a\"},\n\n{\"prompt\":\n\"b\"}]")
        #expect(lines.data == array.data)
        #expect(lines.lines == [1, 3])
        #expect(array.lines == [2, 4])
    }

    @Test func windowsFilesAreRead() throws {
        #expect(try read("\u{FEFF}{\"text\":\"a\"}\r\n{\"text\":\"b\"}\r\n").data.count == 2)
        #expect(try read("\u{FEFF}[{\"text\":\"a\"}]\r\n").data.count == 1)
    }

    @Test func aSingleObjectMayGoOverSeveralLines() throws {
        let file = try read("\n{\n  \"prompt\": \"a\"\n}\n")
        #expect(file.data == .prompts([Prompt(text: "a")]))
        #expect(file.lines == [2])
        #expect(throws: FeedbackError.self) { try read("{\n\"prompt\": \"a\"\n}\n{}\n") }
    }

    @Test(arguments: ["", " \n\t\r\n", "[]", "[ \n ]\n", "\u{FEFF}"])
    func filesWithoutRowsAreEmpty(text: String) {
        #expect(throws: FeedbackError.emptyFile(path: "rows")) { try read(text) }
    }

    @Test func malformedLinesHaveNumberAndExcerpt() {
        let expected = FeedbackError.malformed(
            path: "rows", line: 3, column: 10, problem: "expected a value, found \"}\"",
            excerpt: "{\"text\": }")
        #expect(throws: expected) { try read("{\"text\":\"a\"}\n\n{\"text\": }\n") }
    }

    @Test func malformedElementsHaveTheirPlaceInTheFile() {
        let second = "  {\"text\":\"é\"}, {\"text\": tru}, {\"text\":\"c\"}]"
        let expected = FeedbackError.malformed(
            path: "rows", line: 2, column: 26, problem: "expected a value, found \"tru\"",
            excerpt: second)
        #expect(throws: expected) { try read("[{\"text\":\"a\"},\n" + second) }
    }

    @Test(arguments: [
        ("[{\"text\":\"a\"}", 1, 14), ("[{\"text\":\"a\"},]", 1, 15),
        ("[{\"text\":\"a\"}\n{\"text\":\"b\"}]", 2, 1), ("[{\"text\":\"a\"}] x", 1, 16),
        ("[,{\"text\":\"a\"}]", 1, 2),
    ])
    func damagedArraysHaveAPlace(text: String, line: Int, column: Int) {
        do {
            _ = try read(text)
            Issue.record("it was read")
        } catch .malformed(_, let foundLine, let foundColumn, _, _) {
            #expect((foundLine, foundColumn) == (line, column))
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func longLinesAreCutInMessages() {
        let line = "{\"text\": \"" + String(repeating: "é", count: 5000)
        do {
            _ = try read(line)
        } catch .malformed(_, _, _, let problem, let excerpt) {
            #expect(problem == "a string does not end")
            #expect(excerpt == String(line.prefix(60)))
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func wrongEncodingHasItsPlace() {
        let bytes = Array("{\"text\":\"a\"}\n{\"text\":\"".utf8) + [0xE9] + Array("\"}\n".utf8)
        #expect(throws: FeedbackError.notUTF8(path: "rows", line: 2, column: 10)) {
            try FeedbackFile.read(bytes: bytes, path: "rows")
        }
        let array = Array("[{\"text\":\"a\"},\n {\"text\":\"".utf8) + [0xE9] + Array("\"}]".utf8)
        #expect(throws: FeedbackError.notUTF8(path: "rows", line: 2, column: 11)) {
            try FeedbackFile.read(bytes: array, path: "rows")
        }
    }

    @Test func theCellsOfTextColumnsAreTexts() throws {
        let rows = try FeedbackFile.read(
            bytes: Array(
                """
                prompt,chosen,rejected,margin
                How many?,4,"[{""a"":1}]",2
                "a, b","",True,

                """.utf8), path: "t.csv")
        #expect(
            rows.data
                == .pairs([
                    PreferencePair(
                        prompt: "How many?", chosen: "4", rejected: #"[{"a":1}]"#, margin: 2),
                    PreferencePair(prompt: "a, b", chosen: "", rejected: "True"),
                ]))
    }

    @Test func aRowWithMoreCellsThanColumnsIsSaidSo() {
        let text = "prompt,chosen,rejected\nSay hi,Hello, world, bye\n"
        let error = #expect(throws: FeedbackError.self) {
            try FeedbackFile.read(bytes: Array(text.utf8), path: "t.csv")
        }
        guard case .malformed(_, let line, _, let problem, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(line == 2 && problem.hasPrefix("4 cells under 3 columns"))
    }
}
