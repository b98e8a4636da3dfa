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
    /// Training runs so far, oldest first.
    private(set) var runs: [(id: String, title: String)] = []
    private var hasWarnedOfSaving = false
    /// How the program ends when the last cell failed: 4 where the session itself is damaged.
    private(set) var failureCode = CommandError.ExitCode.failed
    /// Set by `:quit`.
    var wantsToQuit = false

    init(folder: SessionFolder, console: Console, settings: Settings) {
        self.folder = folder
        self.console = console
        self.settings = settings
        baseFolder = folder.info.tutorial.map { Files.parent(of: $0.path) }
        let artifacts = folder.artifacts
        workspace = Workspace { digest in try ArtifactReader.read(digest, from: artifacts) }
        folder.announce(
            JSONObject([
                ("engine", .string(Engine.version)),
                ("instruction_set", .string(KernelTarget.signature)),
            ]))
        for cell in folder.cells { remember(cell) }
    }

    private func remember(_ cell: Cell) {
        for (slot, digest) in cell.writes { workspace.put(nil, digest: digest, in: slot) }
        for run in cell.details["runs"]?.arrayValue ?? [] {
            if let id = run["id"]?.stringValue, let title = run["title"]?.stringValue {
                runs.append((id, title))
            }
        }
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
            checkpoint: request.resumes ? earlier?.checkpoint : nil)
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
        let runsBefore = runs.count
        var state = CellState.ok
        var problem: String?
        do {
            for line in CellLine.lines(of: request.source, firstLine: 1) {
                try perform(line.text, cell)
            }
        } catch {
            let failure = commandError(for: error)
            state = failure.exitCode == .interrupted ? .interrupted : .failed
            problem = failure.sentence
            failureCode = failure.exitCode == .damagedOrLocked ? .damagedOrLocked : .failed
            console.failed(failure)
        }
        console.finishCell()
        let runsOfCell = runs[runsBefore...].map { run -> JSON in
            ["id": .string(run.id), "title": .string(run.title)]
        }
        if !runsOfCell.isEmpty { cell.details["runs"] = .array(runsOfCell) }
        record(
            .end(
                cell: id,
                CellResult(
                    state: state, seconds: MonotonicClock.seconds() - start, reads: cell.reads,
                    writes: cell.writes, metrics: combined(cell.metrics), error: problem,
                    details: cell.details)))
        if state == .ok, folder.savingProblem == nil { folder.removeCheckpoints(of: cell.id) }
        markStale(after: id)
        return folder.cell(id) ?? Cell(id: id, number: number, source: request.source)
    }

    /// Goes on with an interrupted cell: from its checkpoint where it has one.
    @discardableResult
    func resume(_ cell: Cell) -> Cell {
        var request = Request(source: cell.source, id: cell.id, name: cell.name)
        request.details = JSONObject(
            cell.details.filter { $0.key == "answers" }.map { ($0.key, $0.value) })
        request.resumes = true
        return execute(request)
    }

    /// One command line of a cell: a command after ":", or text for the policy.
    private func perform(_ line: String, _ cell: RunningCell) throws {
        let command = try CommandLineParser.command(line)
        var settings = settings
        settings.apply(command.global)
        let context = CommandContext(
            settings: settings, console: console, workspace: workspace, cell: cell, notebook: self)
        try command.execute(in: context)
    }

    /// A command that looks or steers and leaves no cell behind.
    func performUnrecorded(_ command: any NotebookCommand) {
        console.startCell()
        var settings = settings
        settings.apply(command.global)
        let context = CommandContext(
            settings: settings, console: console, workspace: workspace, notebook: self)
        do { try command.execute(in: context) } catch { console.failed(commandError(for: error)) }
    }

    private func combined(_ digests: [Digest]) -> Digest? {
        if digests.count < 2 { return digests.first }
        return Digest(of: digests.map(\.hex).joined(separator: "\n"))
    }

    /// Cells after this one that read what it wrote, and got something else when they ran.
    private func markStale(after id: String) {
        let cells = folder.cells
        guard let index = cells.firstIndex(where: { $0.id == id }),
            index < cells.count - 1, cells[index].state == .ok
        else { return }
        let changed = cells[index].writes.filter { slot, digest in
            cells[(index + 1)...].contains { $0.reads[slot] != nil && $0.reads[slot] != digest }
        }
        let flow = cells.map { Dataflow.Cell(reads: $0.reads.slots, writes: $0.writes.slots) }
        let stale = Dataflow.stale(afterChanging: changed.map(\.slot), by: index, in: flow)
        if !stale.isEmpty { record(.stale(cells: stale.map { cells[$0.cell].id })) }
    }

    // MARK: - Keeping

    /// Puts a value into the session's store.
    func store(_ artifact: Artifact) throws -> Digest {
        if let bytes = artifact.bytes { return try folder.artifacts.put(bytes) }
        guard case .model(let loaded) = artifact else { throw CommandError("nothing to store") }
        let temporary = Files.temporaryPath(beside: Files.join(folder.path, "model"))
        defer { TemporaryFolder.remove(temporary) }
        try ModelFiles.write(loaded, to: temporary)
        return try folder.artifacts.put(folder: temporary)
    }

    func metricsPath(of run: String) -> String { folder.metricsPath(of: run) }
    func checkpointPath(of run: String) -> String {
        folder.checkpointPath(of: run) + ".safetensors"
    }

    func beganRun(_ id: String, title: String) {
        runs.removeAll { $0.id == id }
        runs.append((id, title))
    }

    /// Writes into the journal that the running cell can go on from here.
    func noteCheckpoint(_ cell: RunningCell?, run: String, step: Int) throws {
        guard let cell else { return }
        let fields = JSONObject([("run", .string(run)), ("step", .integer(step))])
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
        if options.quiet { isQuiet = true }
        if options.json { output = .json }
        if let color = options.color { colorMode = color.mode }
    }
}
