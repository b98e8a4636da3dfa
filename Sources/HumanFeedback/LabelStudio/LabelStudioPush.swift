internal import Glibc
public import OrderedJSON

/// Comparisons as tasks: with our ids, sides at random, so that an answer can be found again whatever
/// Label Studio numbers it.
public struct LabelStudioTasksToWrite: Sendable {
    /// The tasks, in the order of the comparisons.
    public let tasks: [JSON]
    /// The id of each task's comparison.
    let ids: [String]
    /// Whether the task shows the right answer on the left.
    let isSwapped: [Bool]

    /// - Parameters:
    ///   - configuration: Which fields show the texts.
    ///   - gold: Votes that are known to be right. Their tasks are marked, no more: a ground truth on
    ///     a task counts as its annotation, and Label Studio would ask nobody, or show it.
    ///   - seed: Decides the sides, for each comparison by its id.
    public init(
        _ comparisons: [Comparison], configuration: LabelStudioConfiguration = .standard,
        gold: [Vote] = [], seed: UInt64
    ) {
        let truth = Set(
            gold.filter { $0.isGroundTruth && $0.verdict.isDecided }.map(\.comparisonID))
        let control = configuration.pairwise[0]
        var swaps: [Bool] = []
        tasks = comparisons.map { comparison in
            let random = KeyedRandom(seed: seed, "label studio sides", comparison.id)
            let isSwapped = random.uniform(at: 0) < 0.5
            swaps.append(isSwapped)
            var data = JSONObject([
                (configuration.promptField, .string(comparison.prompt)),
                (control.leftField, .string(isSwapped ? comparison.right : comparison.left)),
                (control.rightField, .string(isSwapped ? comparison.left : comparison.right)),
                ("pair_id", .string(comparison.id)), ("prompt_id", .string(comparison.promptID)),
                ("swapped", .bool(isSwapped)),
            ])
            if truth.contains(comparison.id) { data["gold"] = true }
            return .object(JSONObject([("data", .object(data))]))
        }
        ids = comparisons.map(\.id)
        isSwapped = swaps
    }

    /// A click on a side. A prediction needs the name of an object where annotations have the control's.
    static func result(
        _ side: Verdict, _ configuration: LabelStudioConfiguration, toName: String?
    ) -> JSON {
        let control = configuration.pairwise[0].name ?? "comparison"
        return .object(
            JSONObject([
                ("from_name", .string(control)), ("to_name", .string(toName ?? control)),
                ("type", "pairwise"),
                ("value", .object(JSONObject([("selected", .string(side.rawValue))]))),
            ]))
    }
}

/// What a push did.
public struct LabelStudioPushed: Equatable, Sendable {
    public var created = 0
    public var present = 0
    public var predictions = 0
    /// Tasks that an interrupted push had left twice, taken away.
    public var duplicatesRemoved = 0

    public init() {}
}

extension LabelStudioServer {
    /// Tasks of one request: a request that is broken off costs no more than this.
    private static let batchSize = 100
    /// Bytes of text in one request, where it holds more than one task: servers before Label Studio
    /// often refuse a megabyte.
    private static let batchBytes = 500_000

    private static func batchEnd(_ comparisons: [Comparison], from start: Int) -> Int {
        var end = start
        var bytes = 0
        while end < min(comparisons.count, start + batchSize) {
            let comparison = comparisons[end]
            bytes += [comparison.prompt, comparison.left, comparison.right]
                .reduce(0) { $0 + $1.utf8.count }
            if end > start, bytes > batchBytes { break }
            end += 1
        }
        return end
    }

    /// Imports the comparisons that the project does not have yet, told by their ids; so a push that was
    /// interrupted is repeated without making anything twice.
    ///
    /// - Parameter progress: Called after each batch with tasks done and tasks in all.
    /// - Throws: `LabelStudioError.halfDone` when the server failed after some batches.
    public func push(
        _ comparisons: [Comparison], gold: [Vote] = [], to project: LabelStudioProject,
        seed: UInt64, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(LabelStudioError) -> LabelStudioPushed {
        var pushed = LabelStudioPushed()
        try requireKnownFields(project)
        var listed: Set<String> = []
        for task in try tasks(of: project.id) {
            guard let id = task.pairID else { continue }
            if listed.insert(id).inserted { continue }
            // A request whose answer never came may have been carried out after the next had begun.
            guard task.annotationCount == 0 else { continue }
            _ = try ask(
                "DELETE", "/api/tasks/\(task.id)/", what: "remove a task that is there twice")
            pushed.duplicatesRemoved += 1
        }
        var seen: Set<String> = []
        let open = comparisons.filter { !listed.contains($0.id) && seen.insert($0.id).inserted }
        pushed.present = comparisons.count - open.count
        let tasks = LabelStudioTasksToWrite(
            open, configuration: project.configuration, gold: gold, seed: seed
        ).tasks
        var start = 0
        while start < tasks.count {
            let end = Self.batchEnd(open, from: start)
            do throws(LabelStudioError) {
                let json = try ask(
                    "POST", "/api/projects/\(project.id)/import", .array(Array(tasks[start..<end])),
                    what: "import tasks")
                let count = json["task_count"]?.intValue ?? 0
                guard count == end - start else {
                    throw .strangeAnswer(
                        server: address, what: "import tasks",
                        problem: "\(end - start) tasks were sent, \(count) were taken")
                }
            } catch {
                if start == 0 { throw error }
                throw .halfDone(done: start, of: tasks.count, cause: error)
            }
            pushed.created += end - start
            start = end
            progress(start, tasks.count)
        }
        return pushed
    }

    private func requireKnownFields(_ project: LabelStudioProject) throws(LabelStudioError) {
        let control = project.configuration.pairwise[0]
        let known = [
            project.configuration.promptField, control.leftField, control.rightField, "pair_id",
            "prompt_id", "swapped",
        ]
        let tags = (try? MarkupTags.parse(project.xml)) ?? []
        let shown = tags.compactMap { $0["value"] }.filter { $0.hasPrefix("$") }
            .map { String($0.dropFirst()) }
        let unknown = shown.filter { !known.contains($0) }
        if !unknown.isEmpty {
            throw .unknownFields(project: "\(project.id)", fields: unknown)
        }
    }

    /// Pushes scores of a reward model as predictions: the side that it prefers, and how sure it is of it
    /// as the score, so that "Uncertainty sampling" (lowest score first) asks what it does not know.
    ///
    /// Tasks that have a prediction of this version are left alone.
    ///
    /// - Parameters:
    ///   - margins: Score of left less score of right, by comparison id.
    ///   - version: Names the model; another model's predictions stay beside it.
    public func pushPredictions(
        _ margins: [String: Double], version: String, to project: LabelStudioProject,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws(LabelStudioError) -> Int {
        let control = project.configuration.pairwise[0]
        let tags = (try? MarkupTags.parse(project.xml)) ?? []
        let object = tags.first { $0["value"] == "$" + control.leftField }?["name"]
        let open = try tasks(of: project.id).filter { task in
            !task.predictionVersions.split(separator: ",").contains {
                String($0).trimmed == version
            }
                && task.pairID.map { margins[$0] != nil } == true
        }
        let predictions = open.map { task -> JSON in
            let isSwapped = task.data["swapped"]?.boolValue ?? false
            let margin = (margins[task.pairID ?? ""] ?? 0) * (isSwapped ? -1 : 1)
            return LabelStudioPrediction(margin: margin, version: version).json(
                project.configuration, toName: object, task: task.id)
        }
        var start = 0
        while start < predictions.count {
            let end = min(predictions.count, start + Self.batchSize)
            let json = try ask(
                "POST", "/api/projects/\(project.id)/import/predictions",
                .array(Array(predictions[start..<end])), what: "store predictions")
            let stored = json["created"]?.intValue ?? 0
            // The server drops what it does not like and says nothing but the number.
            guard stored == end - start else {
                throw .lostPredictions(sent: end - start, stored: stored)
            }
            start = end
            progress(start, predictions.count)
        }
        if !predictions.isEmpty {
            _ = try ask(
                "PATCH", "/api/projects/\(project.id)/",
                .object(
                    JSONObject([
                        ("sampling", "Uncertainty sampling"), ("model_version", .string(version)),
                    ])), what: "order the tasks by uncertainty")
        }
        return predictions.count
    }
}

/// What a reward model says about a task.
public struct LabelStudioPrediction: Equatable, Sendable {
    /// Score of the answer on the left less that of the one on the right.
    public let margin: Double
    public let version: String

    public init(margin: Double, version: String) {
        self.margin = margin
        self.version = version
    }

    /// How sure it is: |2σ(margin) − 1|, 0 for a toss, near 1 for no doubt.
    public var certainty: Double {
        let probability = 1 / (1 + exp(-abs(margin)))
        return 2 * probability - 1
    }

    /// - Parameter task: The number of the task; nil where the order says it.
    func json(
        _ configuration: LabelStudioConfiguration, toName: String?, task: Int? = nil
    ) -> JSON {
        var object = JSONObject()
        if let task { object["task"] = .integer(task) }
        object["model_version"] = .string(version)
        object["score"] = .number(certainty)
        let side: Verdict = margin >= 0 ? .left : .right
        object["result"] = .array([
            LabelStudioTasksToWrite.result(side, configuration, toName: toName)
        ])
        return .object(object)
    }
}
