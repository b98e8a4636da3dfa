import OrderedJSON

/// Hands records to a journal, and keeps them in memory while it cannot be written.
///
/// The order is kept: while one record waits, all later ones wait behind it. Every new record is a
/// new attempt.
final class JournalWriter {
    private let journal: Journal
    private var waiting: [(type: String, fields: JSONObject)] = []
    private var hasWritten = false

    /// Why records wait, or nil while everything is in the journal.
    private(set) var problem: SessionError?
    /// The fields of the `open` record, which goes before the first record of this process. A
    /// session that is only looked at stays as it is.
    var opening: JSONObject?

    var waitingCount: Int { waiting.count }

    init(_ journal: Journal) { self.journal = journal }

    func append(_ type: String, _ fields: JSONObject, _ durability: Journal.Durability) {
        if let opening {
            waiting.append(("open", opening))
            self.opening = nil
        }
        waiting.append((type, fields))
        write(durability)
    }

    /// Writes what waits and puts it on the device.
    func save() {
        write(.soon)
        guard problem == nil else { return }
        do {
            try journal.synchronize()
        } catch {
            problem = error
        }
    }

    func close() {
        guard hasWritten || !waiting.isEmpty else { return }
        append("close", JSONObject(), .now)
        hasWritten = !waiting.isEmpty
    }

    private func write(_ durability: Journal.Durability) {
        do {
            while let (type, fields) = waiting.first {
                let isLast = waiting.count == 1
                try journal.append(type, fields, durability: isLast ? durability : .soon)
                waiting.removeFirst()
                hasWritten = true
            }
            problem = nil
        } catch {
            problem = error
        }
    }
}
