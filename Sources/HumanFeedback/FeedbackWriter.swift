public import OrderedJSON

/// Writing rows. The same rows give the same bytes.
public enum FeedbackWriter {
    /// One row a line, each line ended.
    public static func jsonLines(_ rows: [some FeedbackRow]) -> String {
        jsonLines(rows.map(\.json))
    }

    /// One value a line, each line ended.
    public static func jsonLines(_ rows: [JSON]) -> String {
        rows.map { $0.text + "\n" }.joined()
    }

    /// A JSON array with one value a line, as Label Studio imports it.
    public static func jsonArray(_ rows: [JSON]) -> String {
        rows.isEmpty ? "[]\n" : "[\n" + rows.map(\.text).joined(separator: ",\n") + "\n]\n"
    }

    /// Writes a file under another name first and renames it, so that a failure leaves the old
    /// file whole.
    ///
    /// - Throws: `FeedbackError.cannotWrite`, `.notAFile`.
    public static func write(_ text: String, path: String) throws(FeedbackError) {
        try FileBytes.write(text, path: path)
    }
}
