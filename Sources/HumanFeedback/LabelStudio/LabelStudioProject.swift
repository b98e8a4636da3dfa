import OrderedJSON

/// A project on a server, with where its configuration has the texts.
public struct LabelStudioProject: Equatable, Sendable {
    public let id: Int
    public let title: String
    /// Its labelling configuration.
    public let xml: String
    let configuration: LabelStudioConfiguration
    public let taskCount: Int
    public let annotationCount: Int
    public let skippedCount: Int
    public let predictionCount: Int

    init(_ json: JSON, server: String) throws(LabelStudioError) {
        guard let id = json["id"]?.intValue, let xml = json["label_config"]?.stringValue else {
            throw .strangeAnswer(
                server: server, what: "read the project", problem: "id or label_config is missing")
        }
        self.id = id
        self.xml = xml
        title = json["title"]?.stringValue ?? ""
        taskCount = json["task_number"]?.intValue ?? 0
        annotationCount = json["total_annotations_number"]?.intValue ?? 0
        skippedCount = json["skipped_annotations_number"]?.intValue ?? 0
        predictionCount = json["total_predictions_number"]?.intValue ?? 0
        do throws(FeedbackError) {
            configuration = try LabelStudioConfiguration(
                parsing: Array(xml.utf8), path: "project \(id)")
        } catch {
            switch error {
            case .badConfiguration(_, let line, let problem):
                throw .unsuitableConfiguration(project: "\(id)", line: line, problem: problem)
            default:
                throw .unsuitableConfiguration(project: "\(id)", line: 1, problem: "it is empty")
            }
        }
    }
}

extension LabelStudioServer {
    /// The project of a number or an exact title; nil where no title is so.
    ///
    /// - Throws: `LabelStudioError.noProject` for a number that there is not, `.unsuitableConfiguration`.
    public func project(_ name: String) throws(LabelStudioError) -> LabelStudioProject? {
        if let id = Int(name) {
            let json: JSON
            do { json = try ask("GET", "/api/projects/\(id)/", what: "read the project") } catch {
                if case .refused(_, _, 404, _) = error {
                    throw .noProject(server: address, project: name)
                }
                throw error
            }
            return try LabelStudioProject(json, server: address)
        }
        var page = 1
        while true {
            let json = try ask(
                "GET", "/api/projects/?page=\(page)&page_size=100", what: "list the projects")
            let list = json["results"]?.arrayValue ?? json.arrayValue ?? []
            if let found = list.first(where: { $0["title"]?.stringValue == name }) {
                return try LabelStudioProject(found, server: address)
            }
            guard json["next"]?.stringValue != nil else { return nil }
            page += 1
        }
    }

    /// Creates a project; `annotators` is how many people judge each pair.
    public func createProject(
        title: String, xml: String, annotators: Int, instruction: String
    ) throws(LabelStudioError) -> LabelStudioProject {
        guard (3...50).contains(title.count) else { throw .badTitle(title) }
        let json = JSON.object(
            JSONObject([
                ("title", .string(title)), ("label_config", .string(xml)),
                ("maximum_annotations", .integer(annotators)),
                ("sampling", "Sequential sampling"), ("show_skip_button", true),
                ("show_instruction", true), ("expert_instruction", .string(instruction)),
            ]))
        return try LabelStudioProject(
            try ask("POST", "/api/projects/", json, what: "create the project"), server: address)
    }

    /// A task as the list of tasks shows it.
    struct ListedTask {
        let id: Int
        let data: JSON
        /// The model versions of its predictions.
        let predictionVersions: String
        let annotationCount: Int

        init(_ json: JSON) {
            id = json["id"]?.intValue ?? 0
            data = json["data"] ?? .null
            predictionVersions = json["predictions_model_versions"]?.stringValue ?? ""
            annotationCount =
                (json["total_annotations"]?.intValue ?? 0)
                + (json["cancelled_annotations"]?.intValue ?? 0)
        }

        var pairID: String? {
            data["pair_id"]?.stringValue ?? data["pair_id"]?.intValue.map { String($0) }
        }
    }

    /// All tasks of a project, in the order of their ids.
    func tasks(of project: Int) throws(LabelStudioError) -> [ListedTask] {
        var tasks: [ListedTask] = []
        var page = 1
        while true {
            let json = try ask(
                "GET", "/api/tasks?project=\(project)&page=\(page)&page_size=500&fields=all",
                what: "list the tasks")
            let list = json["tasks"]?.arrayValue ?? []
            tasks += list.map { ListedTask($0) }
            if list.isEmpty || tasks.count >= json["total"]?.intValue ?? 0 {
                return tasks.sorted { $0.id < $1.id }
            }
            page += 1
        }
    }
}
