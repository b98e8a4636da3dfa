import Glibc
import Testing

@testable import HumanFeedback

@Suite struct RuleScorerReadingTests {
    /// What reading a file with this text throws; nil when it does not.
    private func error(reading text: String) throws -> (path: String, error: RuleScorerError?) {
        let path = "/tmp/rule-scorer-tests-\(UInt64.random(in: 0...(.max))).json"
        try FileBytes.write(text, path: path)
        defer { unsafe unlink(path) }
        do {
            _ = try RuleScorer.read(path: path)
            return (path, nil)
        } catch {
            return (path, error)
        }
    }

    @Test("A file of rules is read")
    func reads() throws {
        let scorer = try RuleScorer.read(path: AlignAModel.folder + "gold.json")
        #expect(scorer.name == "everyday help")
        #expect(scorer.topicCount == 24)
    }

    @Test("A missing file is named")
    func missing() {
        #expect(throws: RuleScorerError.unreadable(.missingFile(path: "/nowhere/gold.json"))) {
            try RuleScorer.read(path: "/nowhere/gold.json")
        }
    }

    @Test("A file of white space is empty", arguments: ["", " \n"])
    func empty(text: String) throws {
        let (path, error) = try error(reading: text)
        #expect(error == .unreadable(.emptyFile(path: path)))
    }

    @Test("A syntax error is shown with its line")
    func malformed() throws {
        let (path, error) = try error(reading: "{\n  \"format\" \"x\"\n}\n")
        guard case .unreadable(.malformed(path, 2, _, _, "  \"format\" \"x\"")) = error else {
            Issue.record("found \(String(describing: error))")
            return
        }
    }

    @Test("JSON that is no rules is refused with the place")
    func otherJSON() throws {
        let (path, error) = try error(reading: "[]")
        let problem = RowProblem(key: "", expected: "an object", found: "an array")
        #expect(error == .badRules(path: path, problem: problem))
    }
}
