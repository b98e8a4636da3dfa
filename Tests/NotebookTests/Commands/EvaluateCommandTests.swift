import ArgumentParser
import Foundation
import HumanFeedback
import OrderedJSON
import Synchronization
import Testing

@testable import Notebook

@Suite(.timeLimit(.minutes(2))) struct EvaluateCommandTests {
    private let tiny = CommandFixture.fixture("gpt2/tiny")
    private let reward = CommandFixture.fixture("gpt2/reward")
    private let rows = CommandFixture.fixture("gpt2/rows.jsonl")
    private let fixture: NotebookFixture
    private let rules: String

    init() throws {
        fixture = try NotebookFixture()
        let text = """
            {"format": "rlhf-rules-1", "rules": [
             {"name": "length", "kind": "length", "at_least": 6, "at_most": 9, "points": -0.25}]}
            """
        try fixture.folder.write("rules.json", Array(text.utf8))
        rules = fixture.folder("rules.json")
    }

    private func run(_ words: String) throws -> Cell {
        let cell = fixture.notebook.execute(
            .init(
                source:
                    ":evaluate \(words) --prompts \(rows) --count 12 --max-new-tokens 10 --best-of 8"
            ))
        #expect(cell.error == nil)
        return cell
    }

    private func facts(_ cell: Cell) throws -> JSONObject {
        try #require(cell.details["facts"]?.objectValue)
    }

    @Test func aModelAgainstItselfIsATie() throws {
        let cell = try run("\(tiny) --against \(tiny) --scorer \(rules)")
        let facts = try facts(cell)
        #expect(facts["eval/win_rate"]?.doubleValue == 0.5 && facts["ties"]?.intValue == 12)
        #expect(abs((facts["eval/lc_win_rate"]?.doubleValue ?? 0) - 0.5) < 1e-9)
        #expect(facts["eval/kl"]?.doubleValue == 0)
        #expect(facts["eval/score"] == facts["baseline/eval/score"])
        // At KL 0 best-of-n is one draw.
        #expect(facts["best_of_n/n"]?.intValue == 1 && facts["best_of_n/kl"]?.doubleValue == 0)
        #expect(fixture.output(of: 1).contains("tiny shows no KL from the baseline"))
        #expect(
            fixture.output(of: 1).contains(
                "win rate 0.500 [0.254, 0.746], n = 12, 12 ties as half"))
    }

    @Test func everyLineIsFilledAndThePageFitsAScreen() throws {
        let cell = try run(
            "\(tiny) --against \(tiny) --scorer \(rules) --scorer \(reward) --heldout \(rows) "
                + "--demos \(rows)")
        let facts = try facts(cell)
        let names = [
            "eval/win_rate", "eval/win_rate_lower", "eval/win_rate_upper", "wins", "ties", "losses",
            "eval/lc_win_rate", "eval/length_effect", "eval/score", "baseline/eval/score",
            "eval/score/rules.json", "eval/score/reward", "eval/score_difference/reward_lower",
            "completions/mean_length", "completions/distinct", "completions/distinct_2",
            "completions/repetition", "completions/copied", "val/eos_rate", "eval/token_entropy",
            "eval/kl", "eval/kl_lower", "eval/perplexity", "checks/passed", "checks/no abuse",
            "bias/pronouns", "bias/names by origin_upper", "best_of_n/score",
            "best_of_n/lead_lower",
            "best_of_n/win_rate",
        ]
        for name in names {
            #expect(
                facts[name]?.doubleValue?.isFinite == true,
                "\(name): \(facts[name]?.text ?? "none")")
        }
        let shown = fixture.output(of: 1)
        let page = shown.components(separatedBy: "Scorers\n")
        #expect(page.count == 2)
        let lines = page[0].split(separator: "\n")
        #expect(lines.count <= 22, "\(lines.count) lines")
        #expect(lines.allSatisfy { $0.count <= 80 })
        for title in ["Frontier\n", "Checks\n", "Bias\n"] { #expect(page[1].contains(title)) }
        #expect(!shown.contains("NaN"))
        // The frontier is kept as a picture, for exports.
        #expect(cell.outputs.contains { if case .plot = $0.content { true } else { false } })
    }

    /// log π − log π_ref is the KL of the models' own distributions; of others it would be none.
    @Test(arguments: ["--temperature 0.7", "--greedy", "--top-k 5", "--top-p 0.9"])
    func ofOtherDistributionsThereIsNoKL(sampling: String) throws {
        let cell = try run("\(tiny) --against \(tiny) --scorer \(rules) \(sampling)")
        let facts = try facts(cell)
        #expect(facts["eval/win_rate"] != nil)
        #expect(facts["eval/kl"] == nil && facts["best_of_n/n"] == nil)
        #expect(fixture.output(of: 1).contains("KL and best-of-n are left out"))
    }

    @Test func severalModelsMakeAFrontier() throws {
        let cell = try run("\(tiny) \(tiny) --against \(tiny) --scorer \(rules)")
        let facts = try facts(cell)
        #expect(facts["eval/win_rate/tiny"]?.doubleValue == 0.5)
        #expect(fixture.output(of: 1).contains("best of 8"))
    }

    @Test func foldersAreCalledByTheirLastName() {
        #expect(EvaluateCommand.labels(of: ["runs/a/policy", "sft"]) == ["policy", "sft"])
        #expect(
            EvaluateCommand.labels(of: ["/runs/a/policy", "/runs/b/policy"])
                == ["a/policy", "b/policy"])
        #expect(EvaluateCommand.labels(of: ["/models/sft", "/models/sft"]) == ["sft", "sft"])
    }

    @Test func ownChecksAndSwapsAreUsed() throws {
        try fixture.folder.write(
            "checks.json",
            Array(
                #"{"format": "rlhf-checks-1", "checks": [{"name": "short", "kind": "length", "at_most": 2}]}"#
                    .utf8))
        try fixture.folder.write(
            "swaps.json",
            Array(
                #"{"format": "rlhf-swaps-1", "swaps": [{"name": "age", "frame": "I am {}.", "pairs": [["20", "80"]]}]}"#
                    .utf8))
        let cell = try run(
            "\(tiny) --against \(tiny) --scorer \(rules) --checks \(fixture.folder("checks.json")) "
                + "--swaps \(fixture.folder("swaps.json"))")
        let facts = try facts(cell)
        #expect(facts["checks/short"] != nil && facts["checks/no abuse"] == nil)
        #expect(facts["bias/age"] != nil && facts["bias/pronouns"] == nil)
    }

    @Test func aJudgeIsAskedOnceAndRememberedForReplays() throws {
        let server = try SmallJudge()
        defer { server.end() }
        let words =
            "\(tiny) --against \(tiny) --scorer \(rules) --no-bias --temperature 0.9 "
            + "--judge \(server.address)/v1 --judge-model m --judge-count 5"
        let cell = try run(words)
        #expect(server.count == 10)
        let facts = try facts(cell)
        // The judge always says A: undecided in both orders, each of them.
        #expect(facts["judge/win_rate"]?.doubleValue == 0.5)
        #expect(facts["judge/consistent"]?.doubleValue == 0)
        #expect(facts["judge/first_place"]?.doubleValue == 1)
        #expect(facts["judge/invalid"]?.intValue == 0)
        let again = fixture.notebook.resume(cell)
        #expect(server.count == 10, "a replay asks nobody")
        #expect(again.outputs.map(\.json) == cell.outputs.map(\.json))
    }

    @Test func aJudgeThatIsNotThereEndsInASentence() throws {
        let cell = fixture.notebook.execute(
            .init(
                source: ":evaluate \(tiny) --against \(tiny) --scorer \(rules) --prompts \(rows) "
                    + "--count 2 --no-bias --best-of 0 --judge http://127.0.0.1:1/v1 --judge-model m"
            ))
        #expect(cell.error?.contains("http://127.0.0.1:1/v1 does not answer") == true)
        #expect(cell.error?.hasSuffix("check --judge") == true)
    }

    @Test(arguments: [
        (["--count", "0"], "--count is at least 1"),
        (["--best-of", "5000"], "--best-of is between 0 and 4,096"),
        (["--judge", "http://x/v1"], "--judge needs --judge-model NAME"),
        (["--judge-model", "m"], "--judge-model and --judge-key-file belong to --judge URL"),
    ])
    func badOptionsAreRefusedInOneSentence(words: [String], sentence: String) throws {
        do {
            _ = try RLHF.parseAsRoot(["evaluate"] + words)
            Issue.record("accepted")
        } catch {
            #expect(RLHF.message(for: error).contains(sentence), "\(RLHF.message(for: error))")
        }
    }
}

/// A judge that always prefers the first answer.
private final class SmallJudge: Sendable {
    private let state = Mutex((count: 0, isOver: false))
    private let port: Int
    var address: String { "http://127.0.0.1:\(port)" }
    var count: Int { state.withLock { $0.count } }

    private struct Listening: @unchecked Sendable { let server: HTTPServer }

    init() throws {
        let listening = Listening(server: try #require(HTTPServer(port: 0)))
        port = listening.server.port
        Thread { [self] in
            listening.server.serve(until: { state.withLock { $0.isOver } }) { _ in
                state.withLock { $0.count += 1 }
                let body = #"{"choices": [{"message": {"content": "Preferred: A"}}]}"#
                return HTTPResponse(status: 200, body: Array(body.utf8))
            }
        }.start()
    }

    func end() { state.withLock { $0.isOver = true } }
}
