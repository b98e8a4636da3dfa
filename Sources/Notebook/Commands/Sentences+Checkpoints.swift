import Alignment

/// Why a run does not go on from the checkpoint that is there.
enum CheckpointSentences {
    /// - Parameters:
    ///   - found: The method that made the checkpoint.
    ///   - run: The method that is to go on.
    ///   - startAgain: What to type to do without the checkpoint.
    static func otherMethod(
        _ found: String, run: String, path: String, startAgain: String
    ) -> String {
        "\(path) is the checkpoint of a run of \(found), expected one of \(run); give \(run) a place "
            + "of its own with --out, or \(startAgain)"
    }

    /// - Parameter differences: What is not as it was when the run was interrupted.
    static func otherCommand(
        _ differences: [String], run: String, path: String, startAgain: String
    ) -> String {
        "\(run) cannot go on from \(path): not as it was then "
            + "\(differences.count == 1 ? "is" : "are") \(SentenceParts.list(differences)); give the "
            + "command and the data of the run that was interrupted, or \(startAgain)"
    }

    static func sentence(
        _ mismatch: CheckpointMismatch, run: String, path: String, startAgain: String
    ) -> String {
        "\(run) cannot go on from \(path): its \(mismatch.part) is to have \(mismatch.expected), found "
            + "\(mismatch.found); use the model and the options of the run that was interrupted, or "
            + startAgain
    }
}
