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
        if workspace.has(source) {
            let artifact = try artifact(source, slots: [], option: "FILE")
            guard let bytes = artifact.bytes, artifact.holdsRows else {
                throw CommandError(
                    "the slot \"\(source)\" holds \(artifact.kind), expected rows of data; "
                        + ":model tells about models")
            }
            return try FeedbackFile.read(bytes: bytes, path: "the slot \"\(source)\"")
        }
        let path = resolve(source)
        if cell != nil && !path.contains("/"), (try? Posix.kind(of: path)) == .some(nil) {
            throw CommandError(
                "\"\(source)\" is neither a slot that is filled nor a file; :show lists the slots")
        }
        let labelling = try configuration.map { try LabelStudioConfiguration.read(path: resolve($0)) }
        let file = try FeedbackFile.read(path: path, configuration: labelling)
        cell?.reads["file:" + source] = try Digest(ofFile: path)
        return file
    }
}

extension Artifact {
    /// Whether its bytes are rows of a data file.
    fileprivate var holdsRows: Bool {
        switch self {
        case .demonstrations, .prompts, .pairs, .comparisons, .votes: true
        case .tokenizer, .model, .rules: false
        }
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
