import OrderedJSON

/// One task of a raw Label Studio export: the texts that were shown and what was said about them.
struct LabelStudioTask {
    /// A judgement of one control, before it is joined with a comparison.
    struct Judgement {
        /// The index of the pairwise control in the configuration.
        let control: Int
        /// The control's name in the export, for telling criteria apart.
        let controlName: String
        /// Nil when the export does not say.
        let annotator: String?
        let verdict: Verdict
        let strength: Double?
        let seconds: Double?
        let isGroundTruth: Bool
        /// `updated_at` as it stands; the format sorts as text.
        let updated: String
    }

    /// One comparison for each pairwise control, without repetition of the same two texts.
    let comparisons: [Comparison]
    /// Whether the sides were exchanged when the task was written.
    let isSwapped: Bool
    private(set) var judgements: [Judgement] = []
    private(set) var tally = ReasonTally()

    private let configuration: LabelStudioConfiguration

    init(_ json: JSON, configuration: LabelStudioConfiguration) throws(RowProblem) {
        self.configuration = configuration
        let task = try RowReader(json)
        let data = try RowReader(task["data"] ?? .null, path: "data.")
        let prompt = try Self.text(configuration.promptField, in: data)
        let promptID = try data.optionalID("prompt_id")
        var comparisons: [Comparison] = []
        for (index, control) in configuration.pairwise.enumerated() {
            comparisons.append(
                Comparison(
                    prompt: prompt, left: try Self.text(control.leftField, in: data),
                    right: try Self.text(control.rightField, in: data),
                    // Further controls compare other texts, so they need ids of their own.
                    id: index == 0 || Self.comparesTheSame(configuration.pairwise, index)
                        ? try data.optionalID("pair_id") : nil,
                    promptID: promptID, leftModel: try data.optionalString("model1"),
                    rightModel: try data.optionalString("model2")))
        }
        self.comparisons = comparisons
        // A table holds True and False as words.
        isSwapped =
            ["true", "True"].contains(data["swapped"]?.stringValue) || data["swapped"] == true
        tally.add(.draft, task["drafts"]?.arrayValue?.count ?? 0)
        tally.add(.prediction, task["predictions"]?.arrayValue?.count ?? 0)
        try readAnnotations(of: task)
    }

    /// A task of which nothing is known yet but that it has annotations.
    init(configuration: LabelStudioConfiguration) {
        self.configuration = configuration
        comparisons = []
        isSwapped = false
    }

    /// What the data of a task hold beside what is read: `data.source`.
    static func unreadKeys(
        of task: JSONObject, _ configuration: LabelStudioConfiguration
    ) -> [String] {
        var known = [
            configuration.promptField, "pair_id", "prompt_id", "model1", "model2", "swapped",
            "gold",
        ]
        for control in configuration.pairwise { known += [control.leftField, control.rightField] }
        let data = task["data"]?.objectValue?.keys ?? []
        let meta = task["meta"]?.objectValue?.keys ?? []
        return data.filter { !known.contains($0) }.map { "data." + $0 } + meta.map { "meta." + $0 }
    }

    private mutating func readAnnotations(of task: RowReader) throws(RowProblem) {
        // Before version 1.0 the list was called completions.
        let key =
            task["annotations"] == nil && task["completions"] != nil
            ? "completions" : "annotations"
        guard let list = task[key] else {
            tally.add(.unlabelled)
            return
        }
        guard let annotations = list.arrayValue else {
            throw task.problem(key, expected: "an array", found: list)
        }
        if annotations.isEmpty { tally.add(.unlabelled) }
        for (index, annotation) in annotations.enumerated() {
            try read(try RowReader(annotation, path: "\(key)[\(index)]."))
        }
        keepNewest()
    }

    private static func comparesTheSame(
        _ controls: [LabelStudioConfiguration.Pairwise], _ index: Int
    ) -> Bool {
        controls[index].leftField == controls[0].leftField
            && controls[index].rightField == controls[0].rightField
    }

    /// A text of the task. Numbers are read too: a CSV import turns the answer "7" into one.
    private static func text(_ key: String, in data: RowReader) throws(RowProblem) -> String {
        switch data[key] {
        case .integer(let integer): return String(integer)
        case .number(let number): return JSON.number(number).text
        default: return try data.string(key)
        }
    }

    /// Reads one annotation; `keepNewest` follows when all of the task are in.
    mutating func read(_ annotation: RowReader) throws(RowProblem) {
        let header = Header(
            annotator: try Self.annotator(annotation),
            seconds: try annotation.optionalNumber("lead_time"),
            isGroundTruth: try annotation.flag("ground_truth"),
            updated: try annotation.optionalString("updated_at") ?? "")
        let wasCancelled = try annotation.flag("was_cancelled")
        let wasSkipped = try annotation.flag("skipped")
        if wasCancelled || wasSkipped {
            tally.add(.skipped)
            judge(header, control: 0, name: "", verdict: .skip)
            return
        }
        guard let list = annotation["result"] else {
            throw annotation.missing("result", expected: "an array")
        }
        guard let elements = list.arrayValue else {
            throw annotation.problem("result", expected: "an array", found: list)
        }
        if elements.isEmpty {
            tally.add(.emptyResult)
            return
        }
        var results: [Result] = []
        for (index, element) in elements.enumerated() {
            results.append(try Result(element, path: "result[\(index)]."))
        }
        decide(header, results)
    }

    /// Reads the preference out of the results of one annotation: by control, never by position.
    private mutating func decide(_ header: Header, _ results: [Result]) {
        let verdicts = results.filter {
            $0.type == "choices" && $0.name == configuration.verdictName
        }
        let clicks = results.compactMap { result -> (control: Int, result: Result)? in
            guard result.type == "pairwise" else { return nil }
            let control = configuration.pairwise.firstIndex {
                $0.name == nil || $0.name == result.name
            }
            return control.map { ($0, result) }
        }
        tally.add(.otherControl, results.count - verdicts.count - clicks.count)
        if verdicts.isEmpty, clicks.isEmpty { tally.add(.noPreferenceResult) }

        // With several pairwise controls a verdict cannot say which it means.
        if let verdict = verdicts.first, clicks.count <= 1 {
            guard let word = word(verdict.value["choices"]) else {
                tally.add(.unknownValue)
                return
            }
            if let click = clicks.first, side(click.result) != word.verdict {
                tally.add(.verdictDisagrees)
            }
            let name = clicks.first?.result.name ?? configuration.pairwise[0].name ?? ""
            judge(
                header, control: clicks.first?.control ?? 0, name: name, verdict: word.verdict,
                strength: word.strength)
            return
        }
        tally.add(.otherControl, verdicts.count)
        for click in clicks {
            guard let verdict = side(click.result) else {
                tally.add(.unknownValue)
                continue
            }
            judge(header, control: click.control, name: click.result.name, verdict: verdict)
        }
    }

    private func side(_ result: Result) -> Verdict? {
        switch result.value["selected"]?.stringValue {
        case "left": .left
        case "right": .right
        default: nil
        }
    }

    private func word(_ choices: JSON?) -> VerdictWord? {
        guard let choices = choices?.arrayValue, choices.count == 1,
            let choice = choices[0].stringValue
        else { return nil }
        return VerdictWord(rawValue: configuration.verdictAliases[choice] ?? choice)
    }

    private mutating func judge(
        _ header: Header, control: Int, name: String, verdict: Verdict, strength: Double? = nil
    ) {
        judgements.append(
            Judgement(
                control: control, controlName: name, annotator: header.annotator,
                verdict: verdict, strength: strength, seconds: header.seconds,
                isGroundTruth: header.isGroundTruth, updated: header.updated))
    }

    /// Of several judgements of one annotator on one control the newest stays. Skips are no
    /// judgements, and unnamed annotators may be different people: these are all kept.
    mutating func keepNewest() {
        var kept: [Judgement] = []
        for judgement in judgements {
            let earlier = kept.firstIndex {
                judgement.annotator != nil && $0.annotator == judgement.annotator
                    && $0.controlName == judgement.controlName && $0.verdict != .skip
                    && judgement.verdict != .skip
            }
            guard let earlier else {
                kept.append(judgement)
                continue
            }
            tally.add(.superseded)
            if judgement.updated >= kept[earlier].updated { kept[earlier] = judgement }
        }
        judgements = kept
        tally.add(.groundTruth, kept.count { $0.isGroundTruth })
    }

    /// `completed_by` is a user id, an object of a snapshot export, or absent.
    private static func annotator(_ annotation: RowReader) throws(RowProblem) -> String? {
        guard let value = annotation["completed_by"] else { return nil }
        if let user = value.objectValue {
            return user["email"]?.stringValue ?? user["id"]?.intValue.map { String($0) }
        }
        return try annotation.optionalID("completed_by")
    }

    private struct Header {
        let annotator: String?
        let seconds: Double?
        let isGroundTruth: Bool
        let updated: String
    }

    /// One element of `result`.
    private struct Result {
        let type: String
        let name: String
        let value: JSON

        init(_ json: JSON, path: String) throws(RowProblem) {
            let result = try RowReader(json, path: path)
            type = try result.optionalString("type") ?? ""
            name = try result.optionalString("from_name") ?? ""
            value = result["value"] ?? .null
        }
    }
}
