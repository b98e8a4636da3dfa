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

    /// Writes rows as they come, one a line, or all of them as one array; the old file stays whole
    /// until the last row is in.
    ///
    /// - Parameter body: Gets what appends rows.
    /// - Throws: `FeedbackError.cannotWrite`, `.notAFile`, or what `body` throws.
    public static func write(
        path: String, asArray: Bool,
        _ body: (inout RowAppender) throws(FeedbackError) -> Void
    ) throws(FeedbackError) {
        try FileBytes.write(path: path) { (file) throws(FeedbackError) in
            var appender = RowAppender(file: file, asArray: asArray)
            try body(&appender)
            if asArray { try file.append(appender.isFirst ? "[]\n" : "\n]\n") }
        }
    }
}

/// Appends rows to a file that is being written.
public struct RowAppender {
    let file: FileBytes.OpenFile
    let asArray: Bool
    var isFirst = true

    /// Appends rows.
    ///
    /// - Throws: `FeedbackError.cannotWrite`.
    public mutating func append(_ rows: [JSON]) throws(FeedbackError) {
        if rows.isEmpty { return }
        if asArray {
            try file.append(
                (isFirst ? "[\n" : ",\n") + rows.map(\.text).joined(separator: ",\n"))
        } else {
            try file.append(FeedbackWriter.jsonLines(rows))
        }
        isFirst = false
    }
}
