import OrderedJSON

/// Appends the rows of one run to `metrics/<run>.jsonl` while it goes on.
///
/// Rows are handed to the system at once, so that another program can follow the file; they are on
/// the device when `finish` returns. While they cannot be written they wait in memory, and every
/// new row is a new attempt: a full disk does not stop a run.
final class MetricWriter {
    let path: String
    private var file: AppendOnlyFile
    private var hasher = DigestHasher()
    private var waiting: [UInt8] = []

    /// Why rows wait in memory, or nil while all are in the file.
    private(set) var problem: SessionError?
    private(set) var rowCount = 0

    /// Starts a file, empty or with the rows of an interrupted run up to its checkpoint.
    ///
    /// - Parameter keepingThroughStep: The step of the checkpoint that the run goes on from; later
    ///   rows will be made again. Nil starts from nothing.
    /// - Throws: `SessionError.unreadable`, `.damagedMetrics`, `.unwritable`, `.outOfSpace`.
    init(path: String, keepingThroughStep step: Int? = nil) throws(SessionError) {
        var kept = MetricSeries()
        do {
            if let step, try Posix.kind(of: path) != nil {
                kept = try MetricSeries(path: path).prefix(throughStep: step)
            }
            try Files.makeFolders(Files.parent(of: path))
            let bytes = kept.rows.flatMap { Array(($0.json.text + "\n").utf8) }
            try Files.replace(path, with: bytes)
            file = AppendOnlyFile(try PosixFile(path, .appending), length: bytes.count)
        } catch {
            throw .writing(any: error, path)
        }
        self.path = path
        for row in kept.rows { count(row) }
    }

    /// Appends one row.
    func append(_ row: MetricRow) {
        count(row)
        waiting += Array((row.json.text + "\n").utf8)
        write(isDurable: false)
    }

    /// The digest of all rows so far without their timings; it does not depend on whether they
    /// could be written.
    var digest: Digest { hasher.finish() }

    /// Puts the rows so far on the device.
    func synchronize() { write(isDurable: true) }

    /// Puts the rows on the device and answers their digest; `problem` says whether it worked.
    @discardableResult
    func finish() -> Digest {
        write(isDurable: true)
        return digest
    }

    private func write(isDurable: Bool) {
        do {
            try file.append(waiting, isDurable: isDurable)
            waiting = []
            problem = nil
        } catch {
            problem = .writing(error)
        }
    }

    private func count(_ row: MetricRow) {
        hasher.update(row.comparableJSON.text + "\n")
        rowCount += 1
    }
}
