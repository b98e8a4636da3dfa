import OrderedJSON

/// What people said on a server, in terms of our comparisons.
public struct LabelStudioPulled: Equatable, Sendable {
    public let comparisons: [Comparison]
    public let votes: [Vote]
    /// What did not become a vote, or needs attention.
    public let counts: [ReasonCount]

    /// Puts what an export says back into the order of the comparisons that are known.
    ///
    /// A task that was pushed with its sides exchanged names its comparison by id; verdicts and ratings
    /// turn with the texts.
    init(_ file: FeedbackFile, known: [Comparison]) {
        var byID: [ExactText: Comparison] = [:]
        for comparison in known { byID[ExactText(comparison.id)] = comparison }
        guard case .labelled(let read, let votes) = file.data else {
            comparisons = []
            self.votes = []
            counts = file.counts
            return
        }
        let swapped = FeedbackFile.swapped(read, known)
        comparisons = read.map { byID[ExactText($0.id)] ?? $0 }
        self.votes = votes.map { vote in
            swapped.contains(ExactText(vote.comparisonID)) ? vote.exchanged : vote
        }
        counts = file.counts
    }

    /// Joined with votes from before: of the same annotator on the same comparison the pulled ones
    /// count, so that pulling twice changes nothing.
    public func merged(into earlier: [Vote]) -> [Vote] {
        struct Key: Hashable { let comparison, annotator: ExactText }
        let pulled = Set(
            votes.map {
                Key(comparison: ExactText($0.comparisonID), annotator: ExactText($0.annotator))
            })
        return earlier.filter {
            !pulled.contains(
                Key(comparison: ExactText($0.comparisonID), annotator: ExactText($0.annotator)))
        } + votes
    }

    /// The known comparisons and those that only the server had.
    public func merged(into known: [Comparison]) -> [Comparison] {
        let ids = Set(known.map { ExactText($0.id) })
        return known + comparisons.filter { !ids.contains(ExactText($0.id)) }
    }
}

extension LabelStudioServer {
    /// All annotations of a project; `known` are the comparisons that may have been pushed.
    ///
    /// - Throws: `LabelStudioError`, and `FeedbackError` for an export that cannot be read.
    public func pull(
        _ project: LabelStudioProject, known: [Comparison]
    ) throws -> LabelStudioPulled {
        let response = try send(
            "GET", "/api/projects/\(project.id)/export?exportType=JSON&download_all_tasks=true",
            what: "export the annotations")
        return try Self.read(
            response.body, path: "project \(project.id)", configuration: project.configuration,
            known: known)
    }

    /// A downloaded export: raw JSON, or JSON_MIN, CSV or TSV, of which the counts say what they have lost.
    public static func read(
        _ bytes: [UInt8], path: String, configuration: LabelStudioConfiguration,
        known: [Comparison]
    ) throws(FeedbackError) -> LabelStudioPulled {
        // A project without tasks.
        if bytes.filter({ $0 > 0x20 }) == Array("[]".utf8) {
            return LabelStudioPulled(comparisons: [], votes: [], counts: [])
        }
        let file = try FeedbackFile.read(bytes: bytes, path: path, configuration: configuration)
        guard file.shape == .labelStudio || file.shape == .labelStudioTable else {
            throw .wrongShape(path: path, expected: [.labelStudio], found: file.shape)
        }
        return LabelStudioPulled(file, known: known)
    }
}

extension LabelStudioPulled {
    fileprivate init(comparisons: [Comparison], votes: [Vote], counts: [ReasonCount]) {
        self.comparisons = comparisons
        self.votes = votes
        self.counts = counts
    }
}
