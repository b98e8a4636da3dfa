import OrderedJSON

/// The other side: Label Studio asks a reward model what it thinks of tasks (its "ML backend").
///
/// Answers `/health`, `/setup`, `/predict`, `/versions` and takes `/webhook` without doing anything.
public final class LabelStudioBackend {
    private let version: String
    /// Score of the first answer less that of the second, for prompts with two answers.
    private let margins: ([Comparison]) throws -> [Double]
    /// Tasks scored so far.
    public private(set) var scoredCount = 0

    public init(version: String, margins: @escaping ([Comparison]) throws -> [Double]) {
        self.version = version
        self.margins = margins
    }

    public func answer(_ request: HTTPRequest) -> HTTPResponse {
        let path = request.target.split(separator: "?").first.map(String.init) ?? "/"
        switch (request.method, path) {
        case ("GET", "/"), ("GET", "/health"):
            return Self.json(200, [("status", "UP"), ("model_class", "rlhf reward model")])
        case ("POST", "/setup"): return Self.json(200, [("model_version", .string(version))])
        case ("GET", "/versions"):
            return Self.json(200, [("versions", .array([.string(version)]))])
        case ("POST", "/predict"): return predict(request.body)
        case ("POST", "/webhook"), ("POST", "/train"): return Self.json(201, [("status", "ok")])
        default: return Self.json(404, [("detail", "there is no such address here")])
        }
    }

    private func predict(_ body: [UInt8]) -> HTTPResponse {
        guard let json = try? JSON(parsing: body), let tasks = json["tasks"]?.arrayValue else {
            return Self.json(400, [("detail", "expected a JSON object with tasks")])
        }
        do {
            let xml = json["label_config"]?.stringValue ?? ""
            let configuration =
                xml.isEmpty
                ? LabelStudioConfiguration.standard
                : try LabelStudioConfiguration(parsing: Array(xml.utf8), path: "label_config")
            let comparisons = try tasks.map { json throws(RowProblem) -> Comparison in
                guard
                    let first = try LabelStudioTask(json, configuration: configuration).comparisons
                        .first
                else { throw RowProblem(key: "data", expected: "two answers", found: "none") }
                return first
            }
            let results = try margins(comparisons).map { margin in
                LabelStudioPrediction(margin: margin, version: version).json(
                    configuration, toName: nil)
            }
            scoredCount += results.count
            return Self.json(200, [("results", .array(results))])
        } catch let problem as RowProblem {
            return Self.json(
                400,
                [
                    (
                        "detail",
                        .string(
                            "\(problem.key): expected \(problem.expected), found \(problem.found)")
                    )
                ])
        } catch FeedbackError.badConfiguration(_, _, let problem) {
            return Self.json(400, [("detail", .string(problem))])
        } catch {
            return Self.json(500, [("detail", .string("\(error)"))])
        }
    }

    private static func json(_ status: Int, _ fields: [(String, JSON)]) -> HTTPResponse {
        HTTPResponse(status: status, body: Array(JSON.object(JSONObject(fields)).text.utf8))
    }
}
