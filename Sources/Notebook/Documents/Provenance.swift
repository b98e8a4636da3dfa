import OrderedJSON
import TerminalUI

/// Where a session came from: what its results depend on, and what has become of its cells.
enum Provenance {
    /// Names and values, in the order a reader asks for them.
    static func rows(of info: SessionInfo, _ cells: [Cell]) -> [(name: String, value: String)] {
        var rows = [
            ("session", "\(info.name) (\(info.id))"), ("made", info.created),
            ("seed", "\(info.seed)"), ("shards", "\(info.shards)"), ("precision", info.precision),
            ("engine", "rlhf \(info.engine)"), ("instruction set", info.instructionSet),
        ]
        if let tutorial = info.tutorial {
            rows.insert(("tutorial", "\(tutorial.path) (\(tutorial.digest.short))"), at: 2)
        }
        let parameters = self.parameters(of: info).map {
            "\($0.name) = \($0.value)" + ($0.wasSet ? " (set)" : "")
        }
        if !parameters.isEmpty { rows.append(("parameters", parameters.joined(separator: ", "))) }
        rows.append(("cells", summary(of: cells)))
        return rows
    }

    /// The values of the tutorial's parameters, and whether somebody set them.
    static func parameters(
        of info: SessionInfo
    ) -> [(name: String, value: String, wasSet: Bool)] {
        let set = (info.parameters?["set"]?.arrayValue ?? []).compactMap(\.stringValue)
        return (info.parameters?["values"]?.objectValue ?? JSONObject()).map {
            (
                name: $0.key, value: $0.value.stringValue ?? $0.value.text,
                wasSet: set.contains($0.key)
            )
        }
    }

    /// `14 cells: 12 ok, 2 stale; 3 from the store; 2 min 22 s of computing`.
    static func summary(of cells: [Cell]) -> String {
        let states = ["ok", "stale", "edited", "failed", "interrupted", "running", "new"]
        let counts = states.compactMap { state in
            let count = cells.count { $0.stateWord == state }
            return count == 0 ? nil : "\(count) \(state == "new" ? "not run" : state)"
        }
        var text = "\(cells.count) cell\(cells.count == 1 ? "" : "s")"
        if !counts.isEmpty { text += ": " + counts.joined(separator: ", ") }
        let stored = cells.count { $0.isFromStore }
        if stored > 0 { text += "; \(stored) from the store" }
        return text + "; \(formatted(seconds: seconds(of: cells))) of computing"
    }

    static func seconds(of cells: [Cell]) -> Double {
        cells.reduce(0) { $0 + ($1.seconds ?? 0) }
    }
}
