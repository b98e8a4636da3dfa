import Autograd
import OrderedJSON
import TerminalUI

/// Executes recorded cells again in a session of its own and holds the results against the record.
final class SessionReplay {
    /// How a cell's replay compares with its record.
    enum Verdict: String {
        case identical
        case withinTolerance = "within-tolerance"
        case different
    }

    private let recorded: SessionFolder
    private let notebook: LiveSession
    private let isSameMachine: Bool

    init(_ recorded: SessionFolder, in path: String, global: GlobalOptions) throws {
        self.recorded = recorded
        var settings = SessionStart.settings(global)
        settings.seed = UInt64(recorded.info.seed)
        settings.shards = recorded.info.shards
        settings.precision = try recorded.info.supportedPrecision()
        var info = recorded.info
        info.instructionSet = KernelTarget.signature
        let folder = try SessionFolder.create(at: path, info)
        var quiet = settings
        quiet.output = .text
        let console = Console(settings: quiet)
        console.isSilent = true
        notebook = LiveSession(folder: folder, console: console, settings: settings)
        isSameMachine = recorded.info.instructionSet == KernelTarget.signature
    }

    func perform(_ cell: Cell) -> (verdict: Verdict, reasons: [String], seconds: Double) {
        var request = LiveSession.Request(source: cell.source, id: cell.id, name: cell.name)
        request.details = JSONObject(
            cell.details.filter { $0.key.hasPrefix("answers") }.map { ($0.key, $0.value) })
        notebook.fallback = (recorded.artifacts, cell.reads)
        let start = MonotonicClock.seconds()
        let again = notebook.execute(request)
        let seconds = MonotonicClock.seconds() - start
        let differences = cell.comparable.differences(from: again.comparable)
        if differences.isEmpty { return (.identical, [], seconds) }
        let reasons = differences.map(Self.words)
        if isSameMachine { return (.different, reasons, seconds) }
        let isClose =
            again.state == cell.comparable.state && metricsAgree(cell, again)
            && again.writes.slots == cell.writes.slots
        return (isClose ? .withinTolerance : .different, isClose ? [] : reasons, seconds)
    }

    /// Means over each run within 20 % of the recorded range and 5 % of the recorded size.
    private func metricsAgree(_ cell: Cell, _ again: Cell) -> Bool {
        for run in cell.runs {
            let paths = [
                recorded.metricsPath(of: run.id, in: cell),
                notebook.folder.metricsPath(of: run.id, in: again),
            ]
            guard let old = try? MetricSeries(path: paths[0]),
                let new = try? MetricSeries(path: paths[1])
            else { return false }
            for name in old.names where !MetricRow.timingKeys.contains(name) {
                let before = old.points(of: name).map(\.value)
                let after = new.points(of: name).map(\.value)
                guard before.count == after.count else { return false }
                let meanBefore = before.reduce(0, +) / Double(before.count)
                let meanAfter = after.reduce(0, +) / Double(after.count)
                let range = (before.max() ?? 0) - (before.min() ?? 0)
                if abs(meanBefore - meanAfter) > 0.2 * range + 0.05 * abs(meanBefore) + 1e-6 {
                    return false
                }
            }
        }
        return true
    }

    private static func words(_ difference: ComparableCell.Difference) -> String {
        switch difference {
        case .source: "the source differs"
        case .status(let old, let new): "ended \(new.rawValue), recorded \(old.rawValue)"
        case .slot(let slot, let old, let new):
            "\(slot) is \(new?.short ?? "missing"), recorded \(old?.short ?? "missing")"
        case .metrics(let old, let new):
            "metrics are \(new?.short ?? "missing"), recorded \(old?.short ?? "missing")"
        case .output(let place): "output \(place + 1) differs"
        }
    }
}
