import OrderedJSON

/// What the last program left unfinished in a session, in sentences for whoever opens it next.
struct CrashReport {
    let sentences: [String]

    init(_ folder: SessionFolder, offersResume: Bool) {
        var sentences: [String] = []
        if let recovery = folder.recovery {
            sentences.append(
                "the end of the journal was torn (\(SentenceParts.count(recovery.byteCount, "byte"))); it "
                    + "was moved to \(recovery.savedTo), all records before it are kept")
        }
        for cell in folder.cells where cell.state == .interrupted {
            sentences.append(Self.sentence(cell, folder, offersResume: offersResume))
        }
        self.sentences = sentences
    }

    /// `the program ended while cell 4 was running, at step 120; there is a checkpoint of step 100; …`
    private static func sentence(
        _ cell: Cell, _ folder: SessionFolder, offersResume: Bool
    ) -> String {
        // A cell that was stopped in order has an end with its seconds.
        var text =
            cell.seconds == nil
            ? "the program ended while cell \(cell.number) was running"
            : "cell \(cell.number) was stopped"
        let run = cell.checkpoint?["run"]?.stringValue ?? cell.id
        let series = try? MetricSeries(path: folder.metricsPath(of: run))
        if let step = series?.rows.last?.step { text += ", at step \(step)" }
        let file = CheckpointFile(path: folder.checkpointPath(of: run) + ".safetensors", run: run)
        if let step = cell.checkpoint?["step"]?.intValue, file.exists {
            text += "; there is a checkpoint of step \(step)"
        } else {
            text += "; there is no checkpoint yet, so it starts again"
        }
        if offersResume { text += "; :resume goes on with it" }
        return text
    }
}
