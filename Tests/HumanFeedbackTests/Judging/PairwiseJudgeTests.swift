import Foundation
import OrderedJSON
import Synchronization
import Testing

@testable import HumanFeedback

/// The judge against a real server on this machine that speaks chat completions.
@Suite(.timeLimit(.minutes(1))) struct PairwiseJudgeTests {
    private func judge(
        _ server: JudgeServer, key: String? = nil, waits: Waits = Waits()
    ) throws -> PairwiseJudge {
        let client = try HTTPClient()
        return PairwiseJudge(
            address: server.address + "/v1/", model: "judge-1", key: key,
            transport: { (request, base) throws(HTTPProblem) in try client.send(request, to: base)
            },
            wait: { waits.seconds.append($0) })
    }

    @Test func bothOrdersAreAskedAndTheAnswersSeenAsTheyAre() throws {
        let server = try JudgeServer { question in
            // Prefers the answer that says "good", wherever it stands.
            question.firstRange(of: "Answer A:\ngood") != nil
                ? "A it is.\nPreferred: A" : "Preferred: B"
        }
        defer { server.end() }
        let pair = try judge(server, key: "secret").judge(
            prompt: "Why?", candidate: "good", baseline: "bad")
        #expect(pair == JudgedPair(candidateFirst: .first, baselineFirst: .second))
        #expect(pair.isConsistent && pair.outcome == 1)
        let requests = server.requests
        #expect(requests.count == 2)
        #expect(requests.allSatisfy { $0.target == "/v1/chat/completions" })
        #expect(requests.allSatisfy { $0.headers.contains("Authorization: Bearer secret") })
        let body = try JSON(parsing: requests[0].body)
        #expect(body["model"]?.stringValue == "judge-1" && body["temperature"]?.intValue == 0)
        #expect(
            body["messages"]?[1]?["content"]?.stringValue
                == "Request:\nWhy?\n\nAnswer A:\ngood\n\nAnswer B:\nbad")
    }

    @Test func aJudgeThatGoesByThePlaceDecidesNothing() throws {
        let server = try JudgeServer { _ in "Preferred: A" }
        defer { server.end() }
        let pair = try judge(server).judge(prompt: "Why?", candidate: "x", baseline: "y")
        #expect(!pair.isConsistent && !pair.isInvalid && pair.outcome == 0.5)
        #expect(
            server.requests.allSatisfy { !$0.headers.contains { $0.hasPrefix("Authorization") } })
    }

    @Test func anAnswerInAnotherFormIsInvalidAndNeverGuessed() throws {
        let server = try JudgeServer { _ in "I like both. A is longer." }
        defer { server.end() }
        let pair = try judge(server).judge(prompt: "Why?", candidate: "x", baseline: "y")
        #expect(pair.isInvalid && pair.outcome == nil && !pair.isConsistent)
    }

    @Test(arguments: [
        ("Preferred: A", JudgeOpinion.first), ("**Preferred: \"B\"**\n\n", .second),
        ("A is better.\npreferred: tie.", .tie), ("Preferred: A or B", .invalid), ("A", .invalid),
        ("", .invalid), ("Preferred: A\nBut B is nice.", .invalid), ("Preferred: C", .invalid),
    ])
    func onlyTheLastLineCounts(text: String, opinion: JudgeOpinion) {
        #expect(PairwiseJudge.opinion(in: text) == opinion)
    }

    @Test func aBusyServerIsAskedAgainAndThenGivenUp() throws {
        let server = try JudgeServer(refusals: 2) { _ in "Preferred: tie" }
        defer { server.end() }
        let waits = Waits()
        let pair = try judge(server, waits: waits).judge(prompt: "?", candidate: "x", baseline: "y")
        #expect(pair.outcome == 0.5 && waits.seconds == [1, 2] && server.requests.count == 4)
        let busy = try JudgeServer(refusals: 100) { _ in "" }
        defer { busy.end() }
        let address = busy.address + "/v1"
        #expect(throws: JudgeError.refused(server: address, status: 429, words: "")) {
            try judge(busy).judge(prompt: "?", candidate: "x", baseline: "y")
        }
    }

    @Test(arguments: [401, 404, 400, 200])
    func refusalsAreToldApart(status: Int) throws {
        let server = try JudgeServer(status: status) { _ in nil }
        defer { server.end() }
        let address = server.address + "/v1"
        let expected: JudgeError =
            switch status {
            case 401: .wrongKey(server: address)
            case 404: .notFound(server: address, model: "judge-1")
            case 200: .strangeAnswer(server: address)
            default: .refused(server: address, status: status, words: "")
            }
        #expect(throws: expected) {
            try judge(server).judge(prompt: "?", candidate: "x", baseline: "y")
        }
    }

    @Test func oneQuestionWithoutAnAnswerIsInvalidAndTheOthersGoOn() throws {
        let server = try JudgeServer { $0.contains("odd") ? nil : "Preferred: tie" }
        defer { server.end() }
        let judge = try judge(server)
        #expect(try judge.judge(prompt: "?", candidate: "x", baseline: "y").outcome == 0.5)
        #expect(try judge.judge(prompt: "odd", candidate: "x", baseline: "y").isInvalid)
        #expect(try judge.judge(prompt: "?", candidate: "x", baseline: "y").outcome == 0.5)
        // But not for ever: of questions in a row the sixth ends it.
        #expect(throws: JudgeError.strangeAnswer(server: server.address + "/v1")) {
            for _ in 0..<3 {
                _ = try judge.judge(prompt: "odd", candidate: "x", baseline: "y")
            }
        }
    }

    @Test func aModelThatThinksIsAskedAsItWantsToBe() throws {
        var bodies: [JSON] = []
        let judge = PairwiseJudge(
            address: "http://j/v1", model: "m", key: nil,
            transport: { request, _ in
                let body = (try? JSON(parsing: request.body)) ?? .null
                bodies.append(body)
                func refusal(_ words: String) -> HTTPResponse {
                    let json: JSON = ["error": ["message": .string(words)]]
                    return HTTPResponse(status: 400, body: Array(json.text.utf8))
                }
                if body["max_tokens"] != nil {
                    return refusal("Unsupported parameter: use 'max_completion_tokens' instead.")
                }
                if body["temperature"] != nil { return refusal("'temperature' must be 1.") }
                let json: JSON = ["choices": [["message": ["content": "Preferred: tie"]]]]
                return HTTPResponse(status: 200, body: Array(json.text.utf8))
            }, wait: { _ in })
        #expect(try judge.judge(prompt: "?", candidate: "x", baseline: "y").outcome == 0.5)
        #expect(bodies.count == 4, "it is remembered")
        #expect(bodies[3]["max_completion_tokens"] != nil && bodies[3]["temperature"] == nil)
    }

    @Test func theServersOwnWordsAreKept() {
        let judge = PairwiseJudge(
            address: "http://j/v1", model: "m", key: nil,
            transport: { _, _ in
                let json: JSON = ["error": ["message": "no\n such  thing"]]
                return HTTPResponse(status: 422, body: Array(json.text.utf8))
            }, wait: { _ in })
        let expected = JudgeError.refused(
            server: "http://j/v1", status: 422, words: "no such thing")
        #expect(throws: expected) {
            try judge.judge(prompt: "?", candidate: "x", baseline: "y")
        }
    }

    final class Waits { var seconds: [Int] = [] }
}

/// A chat-completions server on a free port.
final class JudgeServer: Sendable {
    private let state = Mutex((requests: [HTTPRequest](), refusals: 0, isOver: false))
    private let port: Int
    var address: String { "http://127.0.0.1:\(port)" }
    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// - Parameters:
    ///   - refusals: How many requests are answered with 429 first.
    ///   - status: Of all other answers.
    ///   - reply: What is said to a question; nil sends something that is no completion.
    init(
        refusals: Int = 0, status: Int = 200, reply: @escaping @Sendable (String) -> String?
    ) throws {
        let server = try #require(HTTPServer(port: 0))
        port = server.port
        state.withLock { $0.refusals = refusals }
        let listening = Listening(server: server)
        Thread { [self] in
            listening.server.serve(until: { state.withLock { $0.isOver } }) { request in
                answer(request, status: status, reply: reply)
            }
        }.start()
    }

    /// The server moves to its thread and stays there.
    private struct Listening: @unchecked Sendable { let server: HTTPServer }

    func end() { state.withLock { $0.isOver = true } }

    private func answer(
        _ request: HTTPRequest, status: Int, reply: (String) -> String?
    ) -> HTTPResponse {
        let isBusy = state.withLock { state in
            state.requests.append(request)
            if state.refusals > 0 {
                state.refusals -= 1
                return true
            }
            return false
        }
        if isBusy { return HTTPResponse(status: 429, body: []) }
        let question =
            (try? JSON(parsing: request.body))?["messages"]?[1]?["content"]?.stringValue ?? ""
        guard let text = reply(question) else {
            return HTTPResponse(status: status, body: Array("{}".utf8))
        }
        let json: JSON = [
            "choices": [["index": 0, "message": ["role": "assistant", "content": .string(text)]]]
        ]
        return HTTPResponse(status: status, body: Array(json.text.utf8))
    }
}
