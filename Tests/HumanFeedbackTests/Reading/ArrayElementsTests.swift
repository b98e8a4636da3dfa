import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct ArrayElementsTests {
    private func cut(_ text: String) throws(JSONError) -> [String] {
        var elements = ArrayElements(Array(text.utf8), from: 0)
        var found: [String] = []
        while let element = try elements.next() {
            let bytes = String(decoding: element.bytes, as: UTF8.self)
            found.append("\(element.line):\(element.column) \(bytes)")
        }
        return found
    }

    @Test func elementsHaveTheirPlace() throws {
        #expect(
            try cut("[1, \"é\",\n  {\"a\": 2}\n]\n") == ["1:2 1", "1:5 \"é\"", "2:3 {\"a\": 2}\n"])
        #expect(try cut(" [ ] ") == [])
    }

    @Test func bracketsAndCommasInStringsDoNotCut() throws {
        #expect(
            try cut(#"["],[\"}",[1,[2]],{"]":","}]"#) == [
                #"1:2 "],[\"}""#, "1:11 [1,[2]]", #"1:19 {"]":","}"#,
            ])
    }

    @Test func damagedArraysAreRefused() {
        let end = JSONError(line: 1, column: 6, problem: "the array does not end: expected \"]\"")
        #expect(throws: end) { try cut("[1, 2") }
        #expect(throws: JSONError.self) { try cut(#"["a]"#) }
        #expect(throws: JSONError.self) { try cut(#"["a\"#) }
        let more = JSONError(
            line: 2, column: 1, problem: "expected the end of the file after \"]\"")
        #expect(throws: more) { try cut("[1]\n{}") }
    }

    /// Cutting and parsing the parts gives what parsing the whole gives.
    @Test(arguments: 0..<40) func agreesWithTheParser(seed: Int) throws {
        var random = RandomTexts(seed: seed)
        let rows = (0..<random.number(below: 6)).map { _ -> JSON in
            ["a": .string(random.text()), "b": [.string(random.text()), nil, 1.5, [:]]]
        }
        let whole = JSON.array(rows)
        for text in [whole.text, whole.prettyText()] {
            var elements = ArrayElements(Array(text.utf8), from: 0)
            var parsed: [JSON] = []
            while let element = try elements.next() {
                parsed.append(try JSON(parsing: element.bytes))
            }
            #expect(parsed == rows)
        }
    }
}
