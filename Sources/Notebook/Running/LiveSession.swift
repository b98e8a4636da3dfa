import ArgumentParser
import Autograd
import OrderedJSON
import TerminalUI

/// A session that is open: executes cells over the workspace and writes down what came of them.
final class LiveSession {
    let folder: SessionFolder
    let workspace: Workspace
    let console: Console
    var settings: Settings
    /// The parameters of the tutorial that the session follows.
    var parameters: Parameters?
    /// The tutorial that the session follows, where it was opened with it.
    var document: TutorialDocument?
    /// The folder of the tutorial, where its data files are looked for first.
    let baseFolder: String?
    /// Asks the person at the keyboard; nil when there is none.
    var editor: (any LineEditor)?
    /// Lines typed in all sessions.
    var history: History?
    /// Where a replay finds data files that have gone: the recorded session's store, and what the
    /// recorded cell read.
    var fallback: (store: ArtifactStore, reads: SlotDigests)?
    /// Results of steps that all sessions of the user share; nil computes everything.
    var stepStore: StepStore?
    /// Whether results are taken from `stepStore`, or only kept there.
    var takesFromStore = true
    var hasWarnedOfStore = false
    /// The runs of the cell that is running, and what it had recorded before.
    private var running: (cell: RunningCell, place: Int?, earlier: Cell?, runs: [CellRun])?
    private var hasWarnedOfSaving = false
    /// How the program ends when the last cell failed: 4 where the session itself is damaged.
    private(set) var failureCode = CommandError.ExitCode.failed
    /// How the cell that was run last has ended.
    private var lastEnd: CellState?
    /// Set by `:quit`.
    var wantsToQuit = false

    init(folder: SessionFolder, console: Console, settings: Settings) {
        self.folder = folder
        self.console = console
        self.settings = settings
        baseFolder = folder.info.tutorial.map { Files.parent(of: $0.path) }
        workspace = Workspace()
        folder.announce(
            JSONObject([
                ("engine", .string(Engine.version)),
                ("instruction_set", .string(KernelTarget.signature)),
            ]))
        workspace.load = { [unowned self] digest in try value(digest) }
        arrange()
    }

    /// The slots as the cells above a place have left them; nil is the end of the list. A cell that
    /// is run again finds what it would find if all cells ran from the top.
    func arrange(before place: Int? = nil) {
        var slots: [(slot: String, digest: Digest)] = []
        var places: [String: Int] = [:]
        for cell in folder.cells.prefix(place ?? folder.cells.count) {
            for (slot, digest) in cell.writes {
                if let known = places[slot] {
                    slots[known].digest = digest
                } else {
                    places[slot] = slots.count
                    slots.append((slot, digest))
                }
            }
        }
        workspace.arrange(slots)
    }

    /// A value of the session; what the folder lacks may be in the store.
    private func value(_ digest: Digest) throws -> Artifact {
        if !folder.artifacts.isComplete(digest), let stepStore,
            stepStore.artifacts.isComplete(digest)
        {
            _ = try folder.artifacts.take(digest, from: stepStore.artifacts)
        }
        return try ArtifactReader.read(digest, from: folder.artifacts)
    }

    /// Training runs of the cells above, from the top, and of the running cell so far.
    var runs: [(id: String, title: String)] {
        let above = folder.cells.prefix(running?.place ?? folder.cells.count)
        return (above.flatMap(\.runs) + (running?.runs ?? [])).map { ($0.id, $0.title) }
    }

    // MARK: - Executing

    /// A cell to run: where its text comes from and what is already known about it.
    struct Request {
        var source: String
        var id: String?
        var name: String?
        /// Answers a person gave when the cell was recorded, for replays.
        var details = JSONObject()
        /// Go on from the checkpoint the interrupted cell left.
        var resumes = false
        /// Compute even where the store knows the result.
        var isFresh = false

        init(source: String, id: String? = nil, name: String? = nil) {
            self.source = source
            self.id = id
            self.name = name
        }
    }

    /// Runs a cell to its end and records it.
    @discardableResult
    func execute(_ request: Request) -> Cell {
        if folder.isReadOnly {
            console.failed(commandError(for: SessionError.readOnly(path: folder.path)))
            var cell = Cell(id: request.id ?? "", number: folder.nextNumber, source: request.source)
            cell.state = .failed
            return cell
        }
        let id = request.id ?? folder.newCellID()
        let earlier = folder.cell(id)
        let number = earlier?.number ?? folder.nextNumber
        let cell = RunningCell(
            id: id, details: request.details,
            checkpoint: request.resumes ? earlier?.checkpoint : nil, resumes: request.resumes)
        let place = folder.place(of: id)
        if place != nil { arrange(before: place) }
        running = (cell, place, earlier, [])
        defer { if place != nil { arrange() } }
        record(
            .begin(
                cell: id,
                CellStart(
                    number: number, name: request.name ?? earlier?.name, source: request.source,
                    resumes: request.resumes)))
        console.startCell(longOutputPath: folder.longOutputPath(of: id))
        console.onOutput = { [unowned self] output in record(.output(cell: id, output)) }
        defer { console.onOutput = nil }
        Interrupts.clear()
        let start = MonotonicClock.seconds()
        var state = CellState.ok
        var problem: String?
        do {
            for line in CellLine.lines(of: request.source, firstLine: 1) {
                try perform(line.text, cell, isFresh: request.isFresh)
            }
        } catch {
            let failure = commandError(for: error)
            state = failure.exitCode == .interrupted ? .interrupted : .failed
            problem = failure.sentence
            failureCode = failure.exitCode == .damagedOrLocked ? .damagedOrLocked : .failed
            console.failed(failure)
        }
        noteProvenance(of: cell)
        running = nil
        lastEnd = state
        console.finishCell()
        record(
            .end(
                cell: id,
                CellResult(
                    state: state, seconds: MonotonicClock.seconds() - start, reads: cell.reads,
                    writes: cell.writes, metrics: combined(cell.metrics), error: problem,
                    details: cell.details)))
        if state == .ok, folder.savingProblem == nil { folder.removeCheckpoints(of: cell.id) }
        return folder.cell(id) ?? Cell(id: id, number: number, source: request.source)
    }

    /// Goes on with an interrupted cell: from its checkpoint where it has one.
    @discardableResult
    func resume(_ cell: Cell) -> Cell {
        var request = Request(source: cell.source, id: cell.id, name: cell.name)
        request.details = JSONObject(
            cell.details.filter { $0.key.hasPrefix("answers") }.map { ($0.key, $0.value) })
        request.resumes = true
        return execute(request)
    }

    /// What the cell depends on and where its results came from, for its record.
    private func noteProvenance(of cell: RunningCell) {
        if let runs = running?.runs, !runs.isEmpty {
            cell.details["runs"] = .array(
                runs.enumerated().map { index, run in
                    var run = run
                    run.metrics = cell.metrics.indices.contains(index) ? cell.metrics[index] : nil
                    return run.json
                })
        }
        cell.details["steps"] = .array(cell.steps.map(\.json))
        if !cell.absent.isEmpty {
            cell.details["absent"] = .array(cell.absent.map { .string($0) })
        }
    }

    /// A command that looks or steers and leaves no cell behind.
    ///
    /// - Returns: How the program ends where nobody is at a terminal: the command failed, or a cell
    ///   that it ran did. Nil when all went well.
    @discardableResult
    func performUnrecorded(_ command: any NotebookCommand) -> CommandError.ExitCode? {
        lastEnd = nil
        console.startCell()
        var settings = settings
        settings.apply(command.global)
        let context = CommandContext(
            settings: settings, console: console, workspace: workspace, notebook: self)
        do { try command.execute(in: context) } catch {
            let failure = commandError(for: error)
            console.failed(failure)
            return failure.exitCode
        }
        return switch lastEnd {
        case .failed: failureCode
        case .interrupted: .interrupted
        default: nil
        }
    }

    private func combined(_ digests: [Digest]) -> Digest? {
        if digests.count < 2 { return digests.first }
        return Digest(of: digests.map(\.hex).joined(separator: "\n"))
    }

    // MARK: - Keeping

    /// Puts a value into the session's store.
    func store(_ artifact: Artifact) throws -> Digest {
        if let bytes = artifact.bytes { return try folder.artifacts.put(bytes) }
        guard case .model(let loaded) = artifact else { throw CommandError("nothing to store") }
        let temporary = Files.temporaryPath(beside: Files.join(folder.path, "model"))
        defer { TemporaryFolder.remove(temporary) }
        try ModelFiles.writeTogether(loaded, to: temporary)
        return try folder.artifacts.put(folder: temporary)
    }

    func metricsPath(of run: String) -> String {
        guard let own = running?.runs.first(where: { $0.id == run }) else {
            return folder.metricsPath(of: run)
        }
        return Files.join(folder.path, "metrics/" + (own.file ?? "\(run).jsonl"))
    }
    func checkpointPath(of run: String) -> String {
        folder.checkpointPath(of: run) + ".safetensors"
    }

    /// A training run of the running cell begins: names it and its file of metrics.
    func beginRun(_ cell: RunningCell, title: String) -> String {
        let id = cell.runCount == 0 ? cell.id : "\(cell.id).\(cell.runCount + 1)"
        cell.runCount += 1
        let plain = "\(id).jsonl"
        var file = plain
        if cell.checkpoint?["run"]?.stringValue == id {
            file =
                cell.checkpoint?["file"]?.stringValue
                ?? running?.earlier?.runs.first { $0.id == id }?.file ?? plain
        } else if running?.place != nil {
            file = folder.newMetricsFile(of: id)
        }
        running?.runs.append(
            CellRun(id: id, title: title, file: file == plain ? nil : file))
        return id
    }

    /// A command looks at the metrics of a run: what a cell above measured is an input.
    func noteReading(ofRun id: String) {
        guard let cell = running?.cell,
            running?.runs.contains(where: { $0.id == id }) != true
        else { return }
        let run = folder.cells.prefix(running?.place ?? folder.cells.count).lazy
            .flatMap(\.runs).first { $0.id == id }
        if let digest = run?.metrics { cell.read("run:" + id, digest) }
    }

    /// Writes into the journal that the running cell can go on from here.
    func noteCheckpoint(_ cell: RunningCell?, run: String, step: Int) throws {
        guard let cell else { return }
        var fields = JSONObject([("run", .string(run)), ("step", .integer(step))])
        fields["file"] = running?.runs.first { $0.id == run }?.file.map { .string($0) }
        try folder.record(.checkpoint(cell: cell.id, fields))
    }

    private func record(_ change: CellRecord) {
        do { try folder.record(change) } catch { console.complain(sentence(for: error)) }
        if let problem = folder.savingProblem { cannotSave(problem) }
    }

    /// Says once, loudly, that work is kept in memory only.
    func cannotSave(_ problem: SessionError) {
        if hasWarnedOfSaving { return }
        hasWarnedOfSaving = true
        console.complain(
            "NOT SAVING: \(sentence(for: problem)). The work goes on in memory and every cell tries "
                + "again; make room before you leave.")
    }

    /// Ends the session. Returns false when something could not be written.
    func close() -> Bool {
        folder.save()
        folder.close()
        return folder.savingProblem == nil
    }
}

extension Settings {
    /// Options given with a single command go before the session's.
    mutating func apply(_ options: GlobalOptions) {
        if let seed = options.seed { self.seed = seed }
        if let threads = options.threads { self.threads = threads }
        if let shards = options.shards { self.shards = shards }
        if let precision = options.precision { self.precision = precision.value }
        if let base = options.base { self.base = base }
        if options.quiet { isQuiet = true }
        if options.json { output = .json }
        if let color = options.color { colorMode = color.mode }
    }
}
