import HumanFeedback
import OrderedJSON

/// The answers of a cell that is still being labelled, on disk after every key: a killed program
/// loses none of them, and `:resume` goes on behind the last.
struct LabellingDraft {
    let path: String

    /// - Parameter cell: The id of the cell, by which the draft is found again.
    init(in folder: String, cell: String) {
        path = Files.join(folder, "answers/\(cell).jsonl")
    }

    /// Replaces the draft in one step.
    func keep(_ votes: [Vote]) throws(PosixError) {
        try Files.makeFolders(Files.parent(of: path))
        try Files.replace(path, with: Array(FeedbackWriter.jsonLines(votes).utf8))
    }

    /// What an interrupted cell has left; nothing where there is no draft.
    func read() throws -> [Vote] {
        guard try Posix.kind(of: path) == .file else { return [] }
        return try FeedbackFile.read(path: path).votes()
    }

    func remove() { try? Posix.remove(path) }
}
