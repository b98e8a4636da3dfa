import OrderedJSON
import Testing

@testable import Notebook

@Suite struct ConvertCommandTests {
    let fixture: CommandFixture

    init() throws { fixture = try CommandFixture() }

    @Test func anExportBecomesPreferenceRows() throws {
        let out = fixture.folder("pairs.jsonl")
        try fixture.run(
            "convert", CommandFixture.fixture("label-studio/09_export_JSON.out"), "--to", "trl",
            "--out", out)
        let text = String(decoding: try fixture.folder.read("pairs.jsonl"), as: UTF8.self)
        let rows = try text.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(!rows.isEmpty)
        for row in rows {
            #expect(row["prompt"]?.stringValue != nil)
            #expect(row["chosen"]?.stringValue != nil)
            #expect(row["rejected"]?.stringValue != nil)
        }
        #expect(fixture.shownInOneLine.contains("written to"))
    }

    @Test func aNameThatEndsInJSONMakesOneArray() throws {
        let path = try fixture.write("p.jsonl", "{\"prompt\":\"a\"}\n{\"prompt\":\"b\"}\n")
        try fixture.run("convert", path, "--to", "prompt-only", "--out", fixture.folder("p.json"))
        let json = try JSON(parsing: try fixture.folder.read("p.json"))
        #expect(json.arrayValue?.map { $0["prompt"]?.stringValue } == ["a", "b"])
    }

    @Test func whatIsLeftOutIsCounted() throws {
        let path = try fixture.write(
            "p.jsonl",
            """
            {"prompt":"a","chosen":"x","rejected":"x"}
            {"prompt":"a","chosen":"x","rejected":"y"}

            """)
        try fixture.run("convert", path, "--to", "trl", "--out", fixture.folder("o.jsonl"))
        #expect(fixture.shownInOneLine.contains("1 row of"))
        #expect(fixture.shown.contains("identical-answers     1  both answers are the same"))
    }

    @Test func nothingToWriteIsAnError() throws {
        let path = try fixture.write("p.jsonl", #"{"prompt":"a","chosen":"x","rejected":"x"}"#)
        #expect(
            try fixture.failure("convert", path, "--to", "trl", "--out", fixture.folder("o.jsonl"))
                == CommandError(
                    "\(path): no row is left to use: once both answers are the same; `inspect` "
                        + "shows the file"))
        #expect(try fixture.folder.names() == ["p.jsonl"])
    }

    @Test func anotherShapeIsRefused() throws {
        let path = try fixture.write("p.jsonl", #"{"prompt":"a"}"#)
        let error = try fixture.failure(
            "convert", path, "--to", "preference", "--out", fixture.folder("o.jsonl"))
        #expect(error.sentence.hasPrefix("\(path) holds prompts, expected preference pairs"))
        #expect(error.exitCode == .failed)
    }
}
