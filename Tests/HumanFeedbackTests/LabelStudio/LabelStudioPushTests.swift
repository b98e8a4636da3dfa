import Foundation
import OrderedJSON
import Testing

@testable import HumanFeedback

/// Pushes, predictions and the backend, with answers that a real server would seldom give.
struct LabelStudioPushTests {
    private let comparisons = (0..<250).map {
        Comparison(
            prompt: "question \($0)", left: "left \($0)", right: "right \($0)", id: "pair-\($0)")
    }
    private let template: LabelStudioProject

    init() throws {
        template = try LabelStudioProject(
            JSON.object(
                JSONObject([
                    ("id", 7), ("title", "t"),
                    ("label_config", .string(LabelStudioTemplate.full.xml)),
                ])), server: "s")
    }

    /// A server that keeps tasks, and fails at the n-th import.
    private final class Store {
        var tasks: [JSON] = []
        var deleted: [String] = []
        var failingImport: Int?
        var storedPredictions: Int?
        /// The sizes of the imports, in tasks.
        private(set) var batches: [Int] = []
        private var imports = 0

        func answer(_ request: HTTPRequest) -> HTTPResponse {
            let body = try? JSON(parsing: request.body)
            switch request.target.split(separator: "?")[0] {
            case "/api/tasks":
                let list = tasks.enumerated().map { index, task in
                    JSON.object(
                        JSONObject([("id", .integer(index + 1)), ("data", task["data"] ?? .null)]))
                }
                return Self.json([("tasks", .array(list)), ("total", .integer(list.count))])
            case "/api/projects/7/import":
                imports += 1
                if imports == failingImport {
                    return HTTPResponse(status: 500, body: Array(#"{"detail":"disk full"}"#.utf8))
                }
                tasks += body?.arrayValue ?? []
                batches.append(body?.arrayValue?.count ?? 0)
                return Self.json([("task_count", .integer(body?.arrayValue?.count ?? 0))])
            case "/api/projects/7/import/predictions":
                return Self.json([
                    ("created", .integer(storedPredictions ?? body?.arrayValue?.count ?? 0))
                ])
            case "/api/projects/7/": return Self.json([])
            default:
                deleted.append(request.method + " " + request.target)
                return HTTPResponse(status: 204, body: [])
            }
        }

        private static func json(_ fields: [(String, JSON)]) -> HTTPResponse {
            HTTPResponse(status: 200, body: Array(JSON.object(JSONObject(fields)).text.utf8))
        }
    }

    private func studio(_ store: Store) throws -> LabelStudioServer {
        try LabelStudioServer(address: "http://s", key: "k") { request, _ in store.answer(request) }
    }

    @Test func anImportThatFailsHalfWayIsGoneOnWith() throws {
        let store = Store()
        store.failingImport = 2
        let refused = LabelStudioError.refused(
            server: "http://s", what: "import tasks", status: 500, words: "disk full")
        #expect(throws: LabelStudioError.halfDone(done: 100, of: 250, cause: refused)) {
            try studio(store).push(comparisons, to: template, seed: 1)
        }
        let pushed = try studio(store).push(comparisons, to: template, seed: 1)
        #expect(pushed.created == 150 && pushed.present == 100)
        let ids = store.tasks.compactMap { $0["data"]?["pair_id"]?.stringValue }
        #expect(ids == comparisons.map(\.id))
    }

    @Test func longTextsGoInSmallerRequests() throws {
        let store = Store()
        let long = [300_000, 100, 100, 400_000, 900_000, 100].enumerated().map { index, length in
            Comparison(
                prompt: "p", left: String(repeating: "x", count: length), right: "y",
                id: "long-\(index)")
        }
        _ = try studio(store).push(long, to: template, seed: 1)
        #expect(store.batches == [3, 1, 1, 1])
        #expect(store.tasks.compactMap { $0["data"]?["pair_id"]?.stringValue } == long.map(\.id))
        _ = try studio(store).push(comparisons, to: template, seed: 1)
        #expect(store.batches.suffix(3) == [100, 100, 50])
    }

    @Test(arguments: ["a key", "key\nX-Other: 1", "schlüssel", "key\u{0}"])
    func whatIsNoKeyIsNotSent(key: String) {
        #expect(throws: LabelStudioError.malformedKey) {
            try LabelStudioServer(address: "http://s", key: key) { _, _ in
                HTTPResponse(status: 200, body: [])
            }
        }
    }

    @Test func aRequestThatIsTooLargeForAServerBeforeItIsSaidSo() throws {
        let server = try LabelStudioServer(address: "http://s", key: "k") { request, _ in
            request.method == "GET"
                ? HTTPResponse(status: 200, body: Array(#"{"tasks":[],"total":0}"#.utf8))
                : HTTPResponse(status: 413, body: Array("<html>too large</html>".utf8))
        }
        #expect(
            throws: LabelStudioError.refused(
                server: "http://s", what: "import tasks", status: 413,
                words: "one request is larger than the server takes")
        ) { try server.push(comparisons, to: template, seed: 1) }
    }

    @Test func whatIsThereTwiceIsRemovedOnce() throws {
        let store = Store()
        _ = try studio(store).push(comparisons, to: template, seed: 1)
        store.tasks.append(store.tasks[3])
        let pushed = try studio(store).push(comparisons, to: template, seed: 1)
        #expect(pushed.duplicatesRemoved == 1 && pushed.created == 0)
        #expect(store.deleted == ["DELETE /api/tasks/251/"])
    }

    @Test func sidesAreExchangedForAboutHalfAndNamed() throws {
        let tasks = LabelStudioTasksToWrite(comparisons, seed: 3).tasks
        for (task, comparison) in zip(tasks, comparisons) {
            let data = try #require(task["data"])
            let isSwapped = data["swapped"] == true
            #expect(
                data["answer1"]?.stringValue == (isSwapped ? comparison.right : comparison.left))
            #expect(
                data["answer2"]?.stringValue == (isSwapped ? comparison.left : comparison.right))
        }
        // Binomial: 125 ± 8.
        #expect((93...157).contains(tasks.count { $0["data"]?["swapped"] == true }))
    }

    /// A ground truth on the task would count as its annotation: nobody would be asked.
    @Test func goldIsMarkedAndAskedLikeAnyOther() throws {
        let gold = Vote(
            comparisonID: "pair-0", annotator: "g", verdict: .left, isGroundTruth: true)
        let tasks = LabelStudioTasksToWrite(
            Array(comparisons[..<2]), gold: [gold], seed: 1
        ).tasks
        #expect(tasks.map { $0["data"]?["gold"] } == [true, nil])
        #expect(tasks.allSatisfy { $0["annotations"] == nil })
    }

    /// The tables have no ground truth, no skip and no tie; what there is comes with a count of it.
    @Test(arguments: ["JSON_MIN", "CSV", "TSV"])
    func aDownloadedTableIsPulledWithWhatItHasLost(form: String) throws {
        let path = labelStudioFixture("09_export_\(form).out")
        let read = try LabelStudioServer.read(
            Array(try Data(contentsOf: URL(filePath: path))), path: path,
            configuration: .standard, known: [])
        #expect(read.votes.map(\.verdict) == [.right, .left, .left])
        #expect(words(read.counts).contains("lossy-export 4"))
    }

    @Test func predictionsThatTheServerDropsAreNoticed() throws {
        let store = Store()
        _ = try studio(store).push(comparisons, to: template, seed: 1)
        let margins = Dictionary(uniqueKeysWithValues: comparisons.map { ($0.id, 1.5) })
        #expect(
            try studio(store).pushPredictions(margins, version: "rm", to: template) == 250)
        store.storedPredictions = 0
        #expect(throws: LabelStudioError.lostPredictions(sent: 100, stored: 0)) {
            try studio(store).pushPredictions(margins, version: "rm", to: template)
        }
    }

    @Test func certaintyIsNoneForATossAndGrows() {
        #expect(LabelStudioPrediction(margin: 0, version: "m").certainty == 0)
        // 2σ(1) − 1 = tanh(½)
        let one = LabelStudioPrediction(margin: -1, version: "m").certainty
        #expect(abs(one - 0.46211715726) < 1e-9)
    }

    @Test(arguments: [
        ("<View><Text name=\"p\" value=\"$prompt\"/></View>", "there is no <Pairwise> tag"),
        ("", "it is empty"),
    ])
    func aConfigurationWithoutAComparisonIsRefused(xml: String, problem: String) {
        #expect(
            throws: LabelStudioError.unsuitableConfiguration(
                project: "1", line: 1, problem: problem)
        ) {
            try LabelStudioProject(
                JSON.object(JSONObject([("id", 1), ("label_config", .string(xml))])), server: "s")
        }
    }

    @Test func theBackendScoresTasksAndRefusesWhatItDoesNotKnow() throws {
        let backend = LabelStudioBackend(version: "rm-1") { $0.map { $0.left == "7" ? 2 : -2 } }
        func ask(_ method: String, _ target: String, _ body: String = "") -> (Int, JSON) {
            let answer = backend.answer(HTTPRequest(method, target, body: Array(body.utf8)))
            return (answer.status, (try? JSON(parsing: answer.body)) ?? .null)
        }
        #expect(ask("GET", "/health").1["status"] == "UP")
        #expect(ask("POST", "/setup", "{}").1["model_version"] == "rm-1")
        let task = #"{"id":1,"data":{"prompt":"?","answer1":"7","answer2":"9"}}"#
        let (status, json) = ask("POST", "/predict", #"{"tasks":[\#(task)],"label_config":""}"#)
        #expect(status == 200)
        let result = try #require(json["results"]?.arrayValue?.first)
        #expect(result["result"]?.arrayValue?.first?["value"]?["selected"] == "left")
        #expect(result["model_version"] == "rm-1")
        #expect(ask("POST", "/predict", "nonsense").0 == 400)
        #expect(ask("POST", "/predict", #"{"tasks":[{"data":{"prompt":"?"}}]}"#).0 == 400)
        #expect(ask("GET", "/secrets").0 == 404)
    }
}
