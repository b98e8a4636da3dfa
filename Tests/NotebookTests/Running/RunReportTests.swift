import ArgumentParser
import OrderedJSON
import Testing

@testable import Notebook

struct RunReportTests {
    let fixture: CommandFixture

    init() throws { fixture = try CommandFixture() }

    private func page(_ cells: String...) throws -> String {
        let fences = cells.map { "```{code-cell} rlhf\n\($0)\n```\n" }
        return try fixture.write(
            "page.md",
            "---\nrlhf: {seed: 7, parameters: {word: hello}}\n---\n"
                + fences.joined(separator: "\n"))
    }

    /// The exit code of a run, and the report it left.
    private func run(_ words: String...) throws -> (code: Int32, report: JSON) {
        var code: Int32 = 0
        do {
            let command = try #require(
                try RLHF.parseAsRoot(["run"] + words + ["--report", fixture.folder("report.json")])
                    as? any NotebookCommand)
            try command.execute(in: fixture.context)
        } catch let error as ExitCode {
            code = error.rawValue
        } catch {
            code = commandError(for: error).exitCode.rawValue
        }
        let bytes = try fixture.folder.read("report.json")
        return (code, try JSON(parsing: bytes))
    }

    @Test func aGoodRunSaysWhatItDid() throws {
        let path = try page("\n:note ${word}", "\n:note two")
        let session = fixture.folder("session")
        let (code, report) = try run(path, "--session", session, "--set", "word=hey")
        #expect(code == 0)
        #expect(report["status"] == "ok")
        #expect(report["exit_code"] == 0)
        #expect(report["seed"] == 7)
        #expect(report["session"]?.stringValue == session)
        #expect(report["parameters"] == ["word": "hey"])
        #expect(report["counts"]?["ok"] == 2)
        #expect(report["counts"]?["from_record"] == 0)
        #expect(report["cells"]?[0]?["source"] == ":note hey")
        #expect((report["cells"]?[0]?["seconds"]?.doubleValue ?? -1) >= 0)
        let again = try run(path, "--session", session)
        #expect(again.report["counts"]?["from_record"] == 2)
        #expect(again.report["parameters"] == ["word": "hey"])
    }

    @Test func aFailedCellIsReported() throws {
        let path = try page("\n:note one", "\n:load demos nowhere.jsonl", "\n:note three")
        let (code, report) = try run(path, "--session", fixture.folder("session"))
        #expect(code == 1)
        #expect(report["status"] == "failed")
        #expect(report["counts"]?["ok"] == 1)
        #expect(report["counts"]?["failed"] == 1)
        #expect(report["counts"]?["not_run"] == 1)
        #expect(report["cells"]?[1]?["error"]?.stringValue?.hasPrefix("nowhere.jsonl") == true)
        #expect(report["cells"]?[2]?["state"] == "not-run")
    }

    @Test func aCheckThatIsNotMetIsReported() throws {
        let path = try page("---\nname: a\nrlhf: {expect: {accuracy: \">= 0.9\"}}\n---\n:note one")
        let (code, report) = try run(path, "--session", fixture.folder("session"))
        #expect(code == 3)
        #expect(report["status"] == "check-failed")
        #expect(report["counts"]?["checks_failed"] == 1)
        #expect(
            report["cells"]?[0]?["checks"] == [
                ["name": "accuracy", "expected": ">= 0.9", "found": nil, "passed": false]
            ])
    }

    @Test func aRunThatCannotStartIsReported() throws {
        let path = try page("\n:note one")
        let (code, report) = try run(path, "--set", "wrod=x")
        #expect(code == 2)
        #expect(report["status"] == "usage")
        #expect(report["error"]?.stringValue?.contains("no parameter \"wrod\"") == true)
    }
}
