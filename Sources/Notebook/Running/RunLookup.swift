import Alignment

/// A training run of the session.
struct SessionRun: Equatable {
    /// Names its metric series: the cell's id, or `c-7.2` for the second run of a cell.
    let id: String
    /// The recipe: `sft`, `reward`, `ppo`.
    let title: String
    /// The number of its cell.
    let cell: Int?

    /// What it is called in legends and sentences.
    var label: String { cell.map { "\(title) [\($0)]" } ?? title }
}

/// Finds runs and series by short names.
struct RunLookup {
    private let notebook: LiveSession?

    init(_ context: CommandContext) { self.init(context.notebook) }

    init(_ notebook: LiveSession?) { self.notebook = notebook }

    /// The runs so far, oldest first.
    var runs: [SessionRun] {
        let cells = notebook?.folder.cells ?? []
        return (notebook?.runs ?? []).map { run in
            let cell =
                cells.first { $0.id == run.id }
                ?? cells.last { run.id.hasPrefix($0.id + ".") }
            return SessionRun(id: run.id, title: run.title, cell: cell?.number)
        }
    }

    func metrics(of run: SessionRun) throws -> MetricSeries {
        guard let notebook else { return MetricSeries() }
        notebook.noteReading(ofRun: run.id)
        return try MetricSeries(path: notebook.metricsPath(of: run.id))
    }

    /// A run by the number of its cell, by its id, or the latest of a recipe.
    func run(_ name: String) throws -> SessionRun {
        let runs = runs
        let found =
            Int(name).flatMap { number in runs.last { $0.cell == number } }
            ?? runs.last { $0.id == name } ?? runs.last { $0.title == name }
        if let found { return found }
        if runs.isEmpty { throw CommandError("there are no training runs yet; try :train sft") }
        let known = runs.map { run in run.cell.map { "\($0) (\(run.title))" } ?? run.id }
        throw CommandError(
            "there is no run \"\(name)\"; runs are named by their cells: "
                + known.joined(separator: ", "))
    }

    /// Several runs, with commas between them.
    func runs(_ names: String) throws -> [SessionRun] {
        let runs = try names.split(separator: ",").map { try run(String($0).trimmed) }
        if runs.isEmpty {
            throw CommandError.usage("--runs has \"\(names)\", expected runs such as 3,7")
        }
        return runs
    }

    /// The latest run with a metric of this name, full or short.
    func latest(with name: String) throws -> (run: SessionRun, key: String) {
        let runs = runs
        guard let last = runs.last else {
            throw CommandError("nothing to plot yet; train something first")
        }
        for run in runs.reversed() {
            if let key = Metric.keys(for: name, among: try metrics(of: run).names).first {
                return (run, key)
            }
        }
        throw try unknown(name, in: last, "no run has a metric \"\(name)\"; the latest has ")
    }

    /// The key of a metric in a run.
    func key(of name: String, in run: SessionRun) throws -> String {
        if let key = Metric.keys(for: name, among: try metrics(of: run).names).first { return key }
        throw try unknown(name, in: run, "\(run.label) has no metric \"\(name)\"; it has ")
    }

    private func unknown(
        _ name: String, in run: SessionRun, _ sentence: String
    ) throws -> CommandError {
        let known = try metrics(of: run).names.filter { !MetricRow.timingKeys.contains($0) }
        return CommandError(sentence + (known.isEmpty ? "none" : known.joined(separator: ", ")))
    }
}
