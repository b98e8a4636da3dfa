import OrderedJSON
import Testing

@testable import Notebook

/// A session of some cells as the notebook makes it, and what it has reported as done.
final class ScriptedSession {
    /// The cells that were reported as done, with the artifact that each has made, and after how
    /// many operations.
    private(set) var acknowledged: [(cell: String, artifact: Digest, place: Int)] = []
    /// After how many operations the session itself was there.
    private(set) var createdAt: Int?
    /// Whether everything was on disk at the end.
    private(set) var isSaved = false

    static let cellCount = 4

    init(at path: String, on disk: FaultyDisk) {
        FileSystem.$watcher.withValue(disk) { run(path, disk) }
    }

    private func run(_ path: String, _ disk: FaultyDisk) {
        guard let session = try? SessionFolder.create(at: path, .example) else { return }
        createdAt = disk.log.count
        for number in 1...Self.cellCount {
            let id = "c-\(number)"
            try? session.record(
                .begin(cell: id, CellStart(number: number, source: ":train sft --steps \(number)")))
            // Longer than two sectors, so that a loss of power can keep a part of a record.
            let text = String(repeating: "step \(number) loss 0.5  ", count: 60)
            try? session.record(.output(cell: id, .text(text)))
            if number == 2 { checkpoint(session, id) }
            let artifact = try? session.artifacts.put(Self.artifact(number))
            try? session.record(
                .end(
                    cell: id,
                    CellResult(
                        state: artifact == nil ? .failed : .ok, seconds: 1,
                        writes: artifact.map { ["policy": $0] } ?? [:])))
            if let artifact, session.savingProblem == nil {
                acknowledged.append((id, artifact, disk.log.count))
            }
        }
        var info = session.info
        info.name = "renamed"
        try? session.update(info)
        session.close()
        isSaved = session.savingProblem == nil
    }

    private func checkpoint(_ session: SessionFolder, _ id: String) {
        guard let metrics = try? MetricWriter(path: session.metricsPath(of: id)) else { return }
        for step in 1...3 { metrics.append(MetricRow(step: step, values: [("loss", 0.5)])) }
        metrics.finish()
        try? session.record(.checkpoint(cell: id, JSONObject([("run", .string(id)), ("step", 3)])))
    }

    static func artifact(_ number: Int) -> [UInt8] {
        (0..<1500).map { UInt8(truncatingIfNeeded: $0 * number) }
    }

    /// Opens what a fault has left, compares it with what was reported before, and goes on with it.
    ///
    /// - Parameter place: How many operations were made before the fault; nil means all.
    func check(_ path: String, before place: Int? = nil, _ count: inout ReliabilityCount) throws {
        let done = acknowledged.filter { $0.place <= place ?? .max }
        let wasCreated = createdAt.map { $0 <= place ?? .max } ?? false
        count.acknowledged += done.count + (wasCreated ? 1 : 0)
        guard let session = try opened(path) else {
            if wasCreated { count.lost += 1 + done.count }
            // Nothing was promised yet: the same place can be taken again.
            try SessionFolder.create(at: path, .example).close()
            count.recovered += 1
            return
        }
        #expect(session.cells.map(\.id) == session.cells.indices.map { "c-\($0 + 1)" })
        for (cell, artifact, _) in done {
            let found = session.cell(cell)
            let number = Int(cell.dropFirst(2)) ?? 0
            let isThere =
                found?.state == .ok && found?.writes == ["policy": artifact]
                && (try? session.artifacts.get(artifact)) == Self.artifact(number)
            if !isThere { count.lost += 1 }
        }
        // Whatever a cell says it made is there and whole, also where it was not reported yet.
        for cell in session.cells where cell.state == .ok {
            for (_, digest) in cell.writes { _ = try session.artifacts.get(digest) }
        }
        try session.record(.begin(cell: "more", CellStart(number: 9, source: ":note more")))
        try session.record(.end(cell: "more", CellResult(state: .ok, seconds: 0)))
        #expect(session.savingProblem == nil)
        session.close()
        let again = try SessionFolder.open(at: path, for: .reading)
        #expect(again.damage == nil)
        #expect(again.cell("more")?.state == .ok)
        count.recovered += 1
    }

    /// The session, or nil where none was made yet.
    private func opened(_ path: String) throws -> SessionFolder? {
        do {
            return try SessionFolder.open(at: path)
        } catch {
            switch error {
            case .noFolder, .notASession: return nil
            default: throw error
            }
        }
    }
}
