import OrderedJSON
import TerminalUI

/// A command whose result depends on nothing but its inputs, its options and the settings, and
/// that reads through its context only: its result can be taken from the store.
protocol StoredStep: NotebookCommand {
    /// False where this call also depends on what is outside, such as a server: it is not kept.
    var isReproducible: Bool { get }
}

extension StoredStep {
    var isReproducible: Bool { true }
}

extension LiveSession {
    /// One command line of a cell: a command after ":", or text for the policy. A step whose key is
    /// known is not run again.
    func perform(_ line: String, _ cell: RunningCell, isFresh: Bool) throws {
        let command = try CommandLineParser.command(line)
        var settings = settings
        settings.apply(command.global)
        let identity = try StepIdentity(line: line, settings: settings, engine: .current)
        let isKept =
            (command as? any StoredStep)?.isReproducible == true && !identity.writesFiles
        let start = MonotonicClock.seconds()
        cell.beginStep()
        var saved: Double?
        if isKept, takesFromStore, !isFresh, !command.global.fresh {
            // Nobody clears the store while files are taken from it.
            let lock = try? stepStore?.locked(isShared: true)
            saved = take(identity, cell)
            _ = consume lock
        }
        if saved == nil {
            let outputsBefore = console.outputs.count
            let runsBefore = cell.runCount
            let context = CommandContext(
                settings: settings, console: console, workspace: workspace, cell: cell,
                notebook: self, words: try CommandLineParser.words(ofCommand: line))
            let facts = try factsReported(by: cell) { try command.execute(in: context) }
            if isKept {
                keep(
                    StepStore.Entry(
                        identity: identity, inputs: cell.inputs,
                        outputs: Array(console.outputs[outputsBefore...]), writes: cell.stepWrites,
                        facts: facts, seconds: MonotonicClock.seconds() - start,
                        session: folder.info.name, made: Timestamp.now()),
                    runs: runsOfCell(from: runsBefore, metrics: cell.metrics))
            }
        }
        cell.steps.append(
            StepRecord(
                line: line, identity: identity, inputs: cell.inputs,
                seconds: MonotonicClock.seconds() - start,
                key: isKept ? cell.inputs.key(of: identity) : nil, savedSeconds: saved))
    }

    /// The figures that some work reports, apart from those that the cell had before.
    private func factsReported(by cell: RunningCell, _ work: () throws -> Void) rethrows
        -> JSONObject
    {
        let earlier = cell.details["facts"]?.objectValue
        cell.details["facts"] = nil
        defer {
            let own = cell.details["facts"]?.objectValue
            if let earlier {
                cell.details["facts"] = .object(earlier.merging(own ?? JSONObject()))
            }
        }
        try work()
        return cell.details["facts"]?.objectValue ?? JSONObject()
    }

    // MARK: The store

    /// Takes a step's result from the store, if it is known there, and shows it again.
    ///
    /// - Returns: What computing it had taken; nil when it must be computed.
    private func take(_ identity: StepIdentity, _ cell: RunningCell) -> Double? {
        guard let stepStore, let entry = stepStore.entry(of: identity, present: digest(ofInput:))
        else {
            return nil
        }
        do {
            for (_, digest) in entry.writes {
                guard try folder.artifacts.take(digest, from: stepStore.artifacts) else {
                    return nil
                }
            }
            for (name, digest) in entry.inputs {
                if name.hasPrefix("file:"), digest != nil { try keepInput(name) }
                cell.read(name, digest)
            }
            for run in entry.runs {
                let id = beginRun(cell, title: run.title)
                try Files.makeFolders(Files.parent(of: metricsPath(of: id)))
                try Files.copy(stepStore.artifacts.path(of: run.file), to: metricsPath(of: id))
                cell.metrics.append(run.metrics)
            }
        } catch {
            warnOfStore(error)
            return nil
        }
        for output in entry.outputs { console.showAgain(output) }
        for (slot, digest) in entry.writes {
            cell.write(slot, digest)
            workspace.put(nil, digest: digest, in: slot)
        }
        if !entry.facts.isEmpty {
            let earlier = cell.details["facts"]?.objectValue ?? JSONObject()
            cell.details["facts"] = .object(earlier.merging(entry.facts))
        }
        noteSession(in: stepStore)
        console.remark(
            StyledLine("from the store, saved \(formatted(seconds: entry.seconds))", .dim))
        return entry.seconds
    }

    /// What an input is now, by the name under which steps record it.
    func digest(ofInput name: String) -> Digest? {
        if name.hasPrefix("file:") {
            let path = resolve(String(name.dropFirst(5)))
            return (try? ArtifactReader.digest(ofPath: path)) ?? nil
        }
        return workspace.digest(of: name)
    }

    /// A path as given in a cell: first beside the tutorial, then from the working folder.
    func resolve(_ path: String) -> String {
        guard !path.hasPrefix("/"), let base = baseFolder else { return path }
        let beside = Files.join(base, path)
        return ((try? Posix.kind(of: beside)) ?? nil) != nil ? beside : path
    }

    private func keepInput(_ name: String) throws {
        let path = resolve(String(name.dropFirst(5)))
        guard try Posix.kind(of: path) == .file else { return }
        try folder.artifacts.put(file: path)
    }

    private func keep(
        _ entry: StepStore.Entry, runs: [(title: String, metrics: Digest, path: String)]
    ) {
        guard let stepStore else { return }
        var entry = entry
        entry.runs = runs.map { .init(title: $0.title, metrics: $0.metrics, file: $0.metrics) }
        do {
            try stepStore.keep(entry, from: folder.artifacts, metricFiles: runs.map(\.path))
            noteSession(in: stepStore)
        } catch {
            warnOfStore(error)
        }
    }

    /// The runs of the running cell from a place on, with their figures.
    private func runsOfCell(
        from first: Int, metrics: [Digest]
    ) -> [(title: String, metrics: Digest, path: String)] {
        runs.suffix(metrics.count).enumerated().dropFirst(first).map { index, run in
            (run.title, metrics[index], metricsPath(of: run.id))
        }
    }

    private func noteSession(in store: StepStore) {
        do { try store.note(session: folder.info.id, at: folder.path) } catch { warnOfStore(error) }
    }

    /// Says once that the store is of no use; the session itself has everything.
    private func warnOfStore(_ error: any Error) {
        if hasWarnedOfStore { return }
        hasWarnedOfStore = true
        console.complain(
            "the store of results cannot be used: \(sentence(for: error)); this session keeps all "
                + "its results itself", .warning)
    }
}

extension JSONObject {
    /// The members of both; those of `other` go before.
    func merging(_ other: JSONObject) -> JSONObject {
        var all = self
        for (key, value) in other { all[key] = value }
        return all
    }
}

extension Console {
    /// Shows a recorded output and keeps it with the cell.
    func showAgain(_ output: CellOutput) {
        keep(output)
        if mode == .text { write(OutputText.text(output)) }
    }
}
