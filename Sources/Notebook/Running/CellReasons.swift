import OrderedJSON
import TerminalUI

/// Why a cell shows what it shows, in words.
struct CellReasons {
    private let notebook: LiveSession
    private var cells: [Cell] { notebook.folder.cells }

    init(_ notebook: LiveSession) { self.notebook = notebook }

    // MARK: Since it was run

    /// Everything that differs now from when the cell was run, a line each; empty when a rerun
    /// would find what it found.
    func changes(since cell: Cell) -> [String] {
        guard cell.ended != nil, let place = notebook.folder.place(of: cell.id) else { return [] }
        var lines = textChanges(cell)
        let finding = Staleness.findings(in: cells).first { $0.cell == place }
        lines += (finding?.causes ?? []).filter { $0 != .edited }.map(words)
        lines += fileChanges(cell)
        for step in cell.steps {
            guard let present = try? identity(of: step.line, like: step) else { continue }
            let settings = differences(step.identity, present, step.line)
            for line in settings where !lines.contains(line) { lines.append(line) }
        }
        return lines
    }

    /// Files that are not what the cell has read, a line each.
    func fileChanges(_ cell: Cell) -> [String] {
        notebook.changedFiles(of: cell).map { file in
            "file \(file.path): was \(file.was.short), is \(file.now.short)"
        }
    }

    /// What an edit has changed, option by option where the commands are the same.
    private func textChanges(_ cell: Cell) -> [String] {
        guard cell.isEdited, let ran = cell.ran else { return [] }
        let old = CellLine.lines(of: ran).map(\.text)
        let new = CellLine.lines(of: cell.source).map(\.text)
        var lines: [String] = []
        for place in 0..<max(old.count, new.count) {
            guard place < old.count else {
                lines.append("new line: \(new[place])")
                continue
            }
            guard place < new.count else {
                lines.append("line gone: \(old[place])")
                continue
            }
            if old[place] == new[place] { continue }
            let pair = [old[place], new[place]].map { try? identity(of: $0, like: nil) }
            guard let before = pair[0], let after = pair[1], before.command == after.command,
                case let found = differences(before, after, new[place]), !found.isEmpty
            else {
                lines.append("line \(place + 1) was: \(old[place])")
                continue
            }
            lines += found
        }
        return lines
    }

    private func identity(of line: String, like step: StepRecord?) throws -> StepIdentity {
        var settings = notebook.settings
        settings.apply(try CommandLineParser.command(line).global)
        return try StepIdentity(line: line, settings: settings, engine: .current)
    }

    /// In which options and settings two steps differ.
    private func differences(
        _ old: StepIdentity, _ new: StepIdentity, _ line: String
    ) -> [String] {
        var lines: [String] = []
        let names = old.options.keys + new.options.keys.filter { old.options[$0] == nil }
        for name in names where old.options[name] != new.options[name] {
            lines.append(
                "\(old.command) \(name): was \(Self.text(old.options[name])), is "
                    + Self.text(new.options[name]))
        }
        if old.arguments != new.arguments {
            lines.append(
                "\(old.command): was \"\(old.arguments.joined(separator: " "))\", is "
                    + "\"\(new.arguments.joined(separator: " "))\"")
        }
        let settings = [
            ("seed", "\(old.seed)", "\(new.seed)"), ("shards", "\(old.shards)", "\(new.shards)"),
            ("precision", old.precision, new.precision),
            ("engine", old.engine.version, new.engine.version),
            ("build", old.engine.build, new.engine.build),
            ("instruction set", old.engine.instructionSet, new.engine.instructionSet),
        ]
        for (name, was, now) in settings where was != now {
            lines.append("\(name): was \(was), is \(now)")
        }
        return lines
    }

    /// Options in which the last run differs from the one before it, and inputs likewise.
    func changesFromTheRunBefore(of cell: Cell) -> [String] {
        var lines: [String] = []
        for (old, new) in zip(cell.earlierSteps, cell.steps) {
            guard old.identity.command == new.identity.command else {
                lines.append("line was: \(old.line)")
                continue
            }
            lines += differences(old.identity, new.identity, new.line)
            for (name, digest) in new.inputs where old.inputs[name] != digest {
                lines.append(
                    "\(name): was \(old.inputs[name]?.short ?? "empty"), is "
                        + "\(digest?.short ?? "empty")")
            }
        }
        return lines
    }

    private static func text(_ value: JSON?) -> String {
        guard let value else { return "not given" }
        if case .array(let items) = value { return items.map { text($0) }.joined(separator: " ") }
        return value.stringValue ?? (value == true ? "given" : value.text)
    }

    /// A cause of staleness in words.
    func words(_ cause: Staleness.Cause) -> String {
        switch cause {
        case .edited: return "its text was changed"
        case .changed(let slot, let had, let has, let writer):
            let from = writer.map { " from cell \(cells[$0].number)" } ?? ""
            return "\(Self.name(slot)): was \(had?.short ?? "empty"), is \(has?.short ?? "empty")"
                + from
        case .inDoubt(let slot, let writer):
            let verb = slot.hasPrefix("run:") ? "come" : "comes"
            return "\(Self.name(slot)) \(verb) from cell \(cells[writer].number), which is "
                + cells[writer].stateWord
        }
    }

    private static func name(_ slot: String) -> String {
        slot.hasPrefix("run:") ? "the metrics of \(slot.dropFirst(4))" : slot
    }

    // MARK: What made it

    /// The inputs that made a cell's result, the settings, and when and where it was computed.
    func origins(of cell: Cell) -> [(String, String)] {
        guard cell.ended != nil, let place = notebook.folder.place(of: cell.id) else { return [] }
        var facts: [(String, String)] = []
        for (name, digest) in cell.reads.pairs {
            let writer = cells[..<place].last {
                $0.results.contains { $0.slot == name && $0.digest == digest }
            }
            facts.append(
                (
                    "read " + Self.name(name),
                    digest.short + (writer.map { " from cell \($0.number)" } ?? "")
                ))
        }
        for (slot, digest) in cell.writes.pairs { facts.append(("wrote " + slot, digest.short)) }
        if let step = cell.steps.last {
            let of = step.identity
            facts.append(
                ("settings", "seed \(of.seed), \(of.shards) shards, \(of.precision)"))
            facts.append(
                (
                    "engine",
                    "\(of.engine.version), build \(of.engine.build), \(of.engine.instructionSet)"
                ))
        }
        if let saved = cell.savedSeconds {
            facts.append(
                (
                    "from the store",
                    (cell.isFromStore ? "all of it" : "a part of it")
                        + ", which had taken \(formatted(seconds: saved))"
                ))
        }
        return facts
    }
}
