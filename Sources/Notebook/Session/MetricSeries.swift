import OrderedJSON

/// The metrics of one training run, step by step, as kept in `metrics/<run>.jsonl`.
struct MetricSeries: Sendable {
    private(set) var rows: [MetricRow] = []
    /// Bytes of a torn last line that were left out; 0 for a whole file.
    private(set) var tornByteCount = 0

    init(rows: [MetricRow] = []) { self.rows = rows }

    /// Reads a file. A last line without its newline that cannot be read was being written when the
    /// program ended, and is left out and counted.
    ///
    /// - Throws: `SessionError.unreadable`, `.damagedMetrics` with the line.
    init(path: String) throws(SessionError) {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path)
        } catch {
            throw .reading(error)
        }
        for (line, content) in JSONLines(bytes) {
            do {
                rows.append(try MetricRow(json: JSON(parsing: Array(content), firstLine: line)))
            } catch {
                guard content.endIndex < bytes.count else {
                    tornByteCount = content.count
                    return
                }
                let problem =
                    (error as? MetricRowError)?.words ?? (error as? JSONError)?.problem
                    ?? "\(error)"
                throw .damagedMetrics(path: path, line: line, problem: problem)
            }
        }
    }

    /// The names of the metrics, in order of first appearance.
    var names: [String] {
        var names: [String] = []
        for row in rows {
            for (name, _) in row.values where !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The values of one metric with their steps; steps without it are not in the answer.
    func points(of name: String) -> [(step: Int, value: Double)] {
        rows.compactMap { row in row[name].map { (row.step, $0) } }
    }

    /// The last value of a metric.
    func last(_ name: String) -> Double? { points(of: name).last?.value }

    /// The rows up to and with a step.
    func prefix(throughStep step: Int) -> MetricSeries {
        MetricSeries(rows: Array(rows.prefix { $0.step <= step }))
    }

    /// The digest of the rows without their timings, one JSON text a line.
    var digest: Digest {
        var hasher = DigestHasher()
        for row in rows { hasher.update(row.comparableJSON.text + "\n") }
        return hasher.finish()
    }
}
