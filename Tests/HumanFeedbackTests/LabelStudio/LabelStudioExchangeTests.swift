import Foundation
import OrderedJSON
import Synchronization
import Testing

@testable import HumanFeedback

/// The client against what a real Label Studio 1.23.2 answered, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct LabelStudioExchangeTests {
    private let recorded: JSON
    private let key = "eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCJ9.c2lnbmF0dXJl"

    init() throws {
        let path = labelStudioFixture("exchanges.json")
        recorded = try JSON(parsing: Array(try Data(contentsOf: URL(filePath: path))))
    }

    private var comparisons: [Comparison] {
        get throws {
            try #require(recorded["pairs"]?.arrayValue).map { json in try Comparison(json: json) }
        }
    }

    @Test func aProjectIsPushedPushedAgainAndPulled() throws {
        let exchanges = try #require(recorded["exchanges"]?.arrayValue)
        let server = try Replayed(exchanges)
        defer { server.end() }
        let comparisons = try comparisons

        var studio = try server.client(key)
        let creation = try #require(
            exchanges.first { $0["target"] == "/api/projects/" }?["request"])
        #expect(try studio.project("a few pairs") == nil)
        let project = try studio.createProject(
            title: "a few pairs", xml: LabelStudioTemplate.plain.xml, annotators: 1,
            instruction: try #require(creation["expert_instruction"]?.stringValue))
        var pushed = try studio.push(comparisons, to: project, seed: 42)
        #expect(pushed.created == 4 && pushed.present == 0)

        studio = try server.client(key)
        let again = try #require(try studio.project("a few pairs"))
        #expect(again.id == project.id)
        pushed = try studio.push(comparisons, to: again, seed: 42)
        #expect(pushed.created == 0 && pushed.present == 4)

        studio = try server.client(key)
        #expect(try studio.version() == "1.23.2")
        let status = try #require(try studio.project("a few pairs"))
        #expect(status.taskCount == 4 && status.skippedCount == 1)

        studio = try server.client(key)
        let pulled = try studio.pull(
            try #require(try studio.project("a few pairs")), known: comparisons)
        let votes = try #require(recorded["votes"]?.arrayValue).map { json in try Vote(json: json) }
        #expect(pulled.votes == votes)
        #expect(pulled.comparisons == comparisons)
        #expect(pulled.votes.count { $0.verdict == .skip } == 1)
        #expect(pulled.votes.count { $0.isGroundTruth } == 1)
        #expect(words(pulled.counts).contains("empty-result 1"))
        #expect(pulled.merged(into: pulled.merged(into: [])) == pulled.votes)
        #expect(server.problems == [])
        #expect(server.isFinished)
    }

    @Test func theServersRefusalsAreToldApart() throws {
        let server = try Replayed(try #require(recorded["errors"]?.arrayValue))
        defer { server.end() }
        let address = server.address
        var studio = try server.client("wrong")
        #expect(try studio.version() == "1.23.2")
        #expect(throws: LabelStudioError.wrongKey(server: address)) { try studio.project("x") }
        studio = try server.client(key)
        _ = try studio.version()
        #expect(throws: LabelStudioError.expiredKey(server: address)) { try studio.project("x") }
        studio = try server.client("0123")
        _ = try studio.version()
        #expect(throws: LabelStudioError.noProject(server: address, project: "99")) {
            try studio.project("99")
        }
        #expect(server.problems == [])
    }

    @Test func aServerThatIsGoneOrBreaksOffIsSaidSo() throws {
        // A port that was free a moment ago: its listener has gone with the expression.
        let address = "http://127.0.0.1:\(try #require(HTTPServer(port: 0)).port)"
        let client = try HTTPClient()
        do {
            _ = try client.send(HTTPRequest("GET", "/"), to: address)
            Issue.record("nobody was there")
        } catch {
            guard case .unreachable = error else { throw error }
        }
        #expect(throws: HTTPProblem.badAddress) {
            try client.send(HTTPRequest("GET", "/x"), to: "gopher://127.0.0.1")
        }
        let stopped = try HTTPClient(stop: { 1 })
        let server = try Replayed([])
        defer { server.end() }
        #expect(throws: HTTPProblem.stopped) {
            try stopped.send(HTTPRequest("GET", "/"), to: server.address)
        }
    }

    @Test func largeBodiesArriveWhole() throws {
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let server = try Replayed { HTTPResponse(status: 201, body: $0.body.reversed()) }
        defer { server.end() }
        let answer = try HTTPClient().send(
            HTTPRequest("POST", "/big", body: body), to: server.address)
        #expect(answer == HTTPResponse(status: 201, body: body.reversed()))
    }
}

/// A server on this machine that answers as another did before, and notes what it was asked wrongly.
private final class Replayed: Sendable {
    let address: String
    private let exchanges: [JSON]
    private struct State {
        var position = 0
        var isOver = false
        var hasEnded = false
        var problems: [String] = []
    }
    private let state = Mutex(State())

    convenience init(_ exchanges: [JSON]) throws {
        try self.init(exchanges: exchanges, answer: nil)
    }

    convenience init(_ answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse) throws {
        try self.init(exchanges: [], answer: answer)
    }

    private init(
        exchanges: [JSON], answer: (@Sendable (HTTPRequest) -> HTTPResponse)?
    ) throws {
        self.exchanges = exchanges
        let server = try #require(HTTPServer(port: 0))
        address = "http://127.0.0.1:\(server.port)"
        let box = Sent(server)
        Thread { [self] in
            box.server.serve(until: { state.withLock { $0.isOver } }) { request in
                answer?(request) ?? next(request)
            }
            state.withLock { $0.hasEnded = true }
        }.start()
    }

    /// Stops listening, and waits until it has.
    func end() {
        state.withLock { $0.isOver = true }
        while !state.withLock({ $0.hasEnded }) { Thread.sleep(forTimeInterval: 0.01) }
    }

    var problems: [String] { state.withLock { $0.problems } }
    var isFinished: Bool { state.withLock { $0.position } == exchanges.count }

    func client(_ key: String) throws -> LabelStudioServer {
        let client = try HTTPClient()
        return try LabelStudioServer(address: address + "/", key: key) {
            (request, base) throws(HTTPProblem) in try client.send(request, to: base)
        }
    }

    private func next(_ request: HTTPRequest) -> HTTPResponse {
        state.withLock { state in
            guard state.position < exchanges.count else {
                state.problems.append("asked too much: \(request.method) \(request.target)")
                return HTTPResponse(status: 500, body: [])
            }
            let exchange = exchanges[state.position]
            state.position += 1
            let body = request.body.isEmpty ? JSON.null : try? JSON(parsing: request.body)
            let isExpected =
                exchange["method"]?.stringValue == request.method
                && exchange["target"]?.stringValue == request.target
                && (exchange["request"] ?? .null).text == body?.text
            if !isExpected {
                state.problems.append(
                    "\(request.method) \(request.target) \(body?.text ?? "no JSON"), expected "
                        + exchange["request"]!.text)
            }
            return HTTPResponse(
                status: exchange["status"]?.intValue ?? 0,
                body: Array((exchange["response"]?.stringValue ?? "").utf8))
        }
    }

    /// The server goes to its thread and stays there.
    private struct Sent: @unchecked Sendable {
        let server: HTTPServer
        init(_ server: HTTPServer) { self.server = server }
    }
}
