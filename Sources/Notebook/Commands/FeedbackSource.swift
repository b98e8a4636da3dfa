import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

extension CommandContext {
    /// A data file with all that its reader counted; a slot's rows as the file they would make.
    ///
    /// - Parameters:
    ///   - source: A slot's name, in a cell, or a path.
    ///   - configuration: A Label Studio labelling configuration, or nil for the standard one.
    func feedbackFile(_ source: String, configuration: String? = nil) throws -> FeedbackFile {
        if has(source) {
            let artifact = try artifact(source, slots: [], option: "FILE")
            guard let bytes = artifact.bytes, artifact.holdsRows else {
                throw CommandError(
                    "the slot \"\(source)\" holds \(artifact.kind), expected rows of data; "
                        + ":model tells about models")
            }
            return try FeedbackFile.read(bytes: bytes, path: "the slot \"\(source)\"")
        }
        let labelling = try configuration.map {
            try LabelStudioConfiguration.read(path: resolve($0))
        }
        guard cell != nil else {
            return try FeedbackFile.read(path: source, configuration: labelling)
        }
        // Under the name that was typed: where the tutorial lies must not reach an output.
        return try FeedbackFile.read(
            bytes: try dataBytes(source), path: source, configuration: labelling)
    }

    /// A slot's rows, or in a cell a data file, which is kept with the session; nil in the shell,
    /// where files are read part by part because they may be large.
    func wholeFile(_ source: String, configuration: String? = nil) throws -> FeedbackFile? {
        if cell == nil && !has(source) { return nil }
        return try feedbackFile(source, configuration: configuration)
    }

    /// Calls `body` with the rows of the whole file, where there is one, or else with those of a
    /// data file, part by part.
    func forEachPart(
        _ source: String, whole: FeedbackFile?, configuration: String? = nil,
        _ body: (FeedbackFile) throws(FeedbackError) -> Void
    ) throws(FeedbackError) {
        if let whole { return try body(whole) }
        var labelling: LabelStudioConfiguration?
        if let configuration {
            labelling = try LabelStudioConfiguration.read(path: resolve(configuration))
        }
        try FeedbackFile.forEachPart(path: source, configuration: labelling, body)
    }

    /// Votes with the pairs they are about: from a file of votes or an export that holds both, or
    /// from the slots votes and comparisons.
    ///
    /// - Parameters:
    ///   - source: A slot's name or a path; nil means the slot votes.
    ///   - comparisons: Where the pairs are, if not in the same file; nil looks into the slot.
    func judged(
        _ source: String?, comparisons: String?, configuration: String? = nil
    ) throws -> (votes: [Vote], comparisons: [Comparison]) {
        var pairs: [Comparison] = []
        if let comparisons {
            pairs = try feedbackFile(comparisons, configuration: configuration).comparisons()
        } else if has("comparisons") {
            pairs = try self.comparisons(nil)
        }
        guard let source else {
            let votes = try self.votes(nil)
            if votes.isEmpty {
                if cell == nil { throw CommandError.usage("name a file of votes or an export") }
                throw CommandError(
                    "there are no votes yet; label some with :label or add simulated votes with "
                        + ":votes simulate")
            }
            return (votes, pairs)
        }
        let file = try feedbackFile(source, configuration: configuration)
        let votes = try comparisons == nil ? file.votes() : file.votes(on: pairs)
        if votes.isEmpty { throw FeedbackError.nothingLeft(path: file.path, counts: file.counts) }
        if file.counts.contains(where: { $0.reason == .lossyExport }) {
            console.say(
                "\(source): exports as JSON_MIN, CSV and TSV have lost skips, ties and ground truth; "
                    + "raw JSON has them", .warning)
        }
        return (votes, comparisons == nil ? ((try? file.comparisons()) ?? pairs) : pairs)
    }

    /// The bytes of a data file that a cell reads, kept with the session for its replays.
    func dataBytes(_ source: String) throws -> [UInt8] {
        let path = resolve(source)
        let key = "file:" + source
        let kind = (try? Posix.kind(of: path)) ?? nil
        if kind == nil, let fallback = notebook?.fallback, let digest = fallback.reads[key],
            fallback.store.contains(digest)
        {
            cell?.read(key, digest)
            return try fallback.store.get(digest)
        }
        if kind == nil && !source.contains("/") {
            throw CommandError(
                "\"\(source)\" is neither a slot that is filled nor a file; :show lists the slots")
        }
        if kind == nil { throw FeedbackError.missingFile(path: source) }
        if kind == .folder { throw FeedbackError.notAFile(path: source) }
        let bytes: [UInt8]
        do { bytes = try Files.read(path) } catch {
            throw FeedbackError.cannotRead(path: source, reason: error.reason)
        }
        cell?.read(key, Digest(of: bytes))
        if let store = notebook?.folder.artifacts { try store.put(bytes) }
        return bytes
    }
}

extension Artifact {
    /// Whether its bytes are rows of a data file.
    fileprivate var holdsRows: Bool {
        switch self {
        case .demonstrations, .prompts, .pairs, .labelledCompletions, .ratings, .comparisons,
            .votes:
            true
        case .tokenizer, .model, .rules: false
        }
    }
}

extension [Vote] {
    /// The votes on one criterion; all of them where they are on one question.
    ///
    /// - Throws: `CommandError` when no vote is on it, or none is named and there are several: those
    ///   are different questions.
    func on(_ criterion: String?) throws -> [Vote] {
        let found = VoteTable(self).criteria.map { $0 ?? "none named" }
        if let criterion {
            let chosen = filter { $0.criterion == criterion }
            if !chosen.isEmpty { return chosen }
            throw CommandError(
                "no vote is on \"\(criterion)\"; the criteria are \(SentenceParts.list(found))")
        }
        if found.count > 1 {
            throw CommandError(
                "the votes are on several criteria, which are different questions: "
                    + "\(SentenceParts.list(found)); choose one with --criterion")
        }
        return self
    }
}

/// How counts by reason are shown, everywhere the same.
enum CountsView {
    /// A table of what was counted; nil when nothing was.
    static func table(_ counts: [ReasonCount], title: String = "counted") -> (any Renderable)? {
        if counts.isEmpty { return nil }
        return Table(
            headers: [title, "rows", "meaning"], alignments: [.left, .right, .left],
            rows: counts.map {
                [$0.reason.rawValue, formatted(count: $0.count), $0.reason.meaning]
            }, overflow: .wrap)
    }
}
