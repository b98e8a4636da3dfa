import HumanFeedback
import OrderedJSON

/// The answers of a cell that is still being labelled, on disk after every key: a killed program
/// loses none of them, and `:resume` goes on behind the last.
struct LabellingDraft {
    let path: String

    /// Whether the cell goes on with an interrupted run, whose answers count.
    private let resumes: Bool

    /// - Parameters:
    ///   - cell: By its id the draft is found again.
    ///   - key: Which of the cell's commands asks.
    init(in folder: String, cell: RunningCell, key: String) {
        path = Files.join(folder, "answers/\(cell.id).\(key).jsonl")
        resumes = cell.resumes
    }

    /// Replaces the draft in one step.
    func keep(_ rows: [some FeedbackRow]) throws(PosixError) {
        try Files.makeFolders(Files.parent(of: path))
        try Files.replace(path, with: Array(FeedbackWriter.jsonLines(rows).utf8))
    }

    /// What an interrupted cell has left; nothing where there is no draft.
    func read() throws -> [Vote] {
        guard resumes, try Posix.kind(of: path) == .file else { return [] }
        let bytes = try Files.read(path)
        return bytes.isEmpty ? [] : try FeedbackFile.read(bytes: bytes, path: path).votes()
    }

    /// The same where answers were written.
    func readDemonstrations() throws -> [Demonstration] {
        guard resumes, try Posix.kind(of: path) == .file else { return [] }
        return try FeedbackFile.read(path: path).demonstrations()
    }
}
