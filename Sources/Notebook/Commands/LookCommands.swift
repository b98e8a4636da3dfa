import Alignment
import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `:plot`: curves of the last runs.
struct PlotCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Plot metrics of a training run.",
        discussion: "A name may be short: reward, loss, kl. The latest run that has it is shown.")
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Metrics, such as loss, reward or objective/kl.")
    var metrics: [String]

    @Option(help: ArgumentHelp("A run: its number in :metrics, or its name.", valueName: "RUN"))
    var run: String?

    @Option(help: "braille or ascii; automatic where nothing is said.")
    var canvas: CanvasChoice?

    enum CanvasChoice: String, ExpressibleByArgument, CaseIterable { case braille, ascii }

    func execute(in context: CommandContext) throws {
        for name in metrics {
            let found = try RunLookup(context).series(of: name, run: run)
            let points = found.points.map { PlotPoint(x: Double($0.step), y: $0.value) }
            let metric = Metric.named(found.key)
            let plot = LinePlot(
                title: "\(found.key), \(found.title), n = \(points.count)"
                    + (metric.map { $0.unit == .none ? "" : ", " + $0.unit.rawValue } ?? ""),
                xLabel: found.title == "ppo" ? "update" : "step",
                series: [Series(name: found.key, points: points, better: nil)],
                canvas: canvas == .braille ? .braille : canvas == .ascii ? .ascii : .automatic)
            context.console.show(
                plot,
                data: .plot(
                    title: found.key, x: "step", y: metric?.unit.rawValue,
                    series: [(found.key, points.map { ($0.x, $0.y) })]))
        }
    }
}

/// `:metrics`: the runs of the session, or the last figures of one.
struct MetricsCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "List training runs, or the figures of one.")
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A run: its number or name.")
    var run: String?

    func execute(in context: CommandContext) throws {
        let lookup = RunLookup(context)
        guard let run else {
            let rows = try lookup.runs.enumerated().map { index, run -> [String] in
                let series = try lookup.metrics(of: run.id)
                return ["\(index + 1)", run.title, run.id, "\(series.rows.last?.step ?? 0)"]
            }
            if rows.isEmpty { context.console.say("no training runs yet; try :train sft") }
            if !rows.isEmpty {
                context.console.show(
                    Table(headers: ["run", "recipe", "cell", "steps"], rows: rows))
            }
            return
        }
        let (_, series) = try lookup.run(run)
        let rows = series.names.filter { !MetricRow.timingKeys.contains($0) }.map {
            name -> [String] in
            let points = series.points(of: name)
            let values = points.map(\.value)
            let line = Sparkline(Self.thinned(values)).line(capabilities: Console.recorded)
            let healthy = Metric.named(name)?.healthy ?? ""
            return [
                name, formatted(values.first ?? .nan, significantDigits: 3),
                formatted(values.last ?? .nan, significantDigits: 3), line.plainText, healthy,
            ]
        }
        context.console.show(
            Table(headers: ["metric", "first", "last", "curve", "healthy"], rows: rows))
    }

    /// At most twelve values, evenly spread.
    private static func thinned(_ values: [Double]) -> [Double] {
        if values.count <= 12 { return values }
        return (0..<12).map { values[$0 * (values.count - 1) / 11] }
    }
}

/// Finds runs and series by short names.
struct RunLookup {
    private let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    var runs: [(id: String, title: String)] { context.notebook?.runs ?? [] }

    func metrics(of id: String) throws -> MetricSeries {
        guard let notebook = context.notebook else { return MetricSeries() }
        notebook.noteReading(ofRun: id, context.cell)
        return try MetricSeries(path: notebook.metricsPath(of: id))
    }

    /// A run by number, by cell, or the latest of a recipe.
    func run(_ name: String) throws -> (title: String, MetricSeries) {
        let found =
            Int(name).flatMap { runs.indices.contains($0 - 1) ? runs[$0 - 1] : nil }
            ?? runs.last { $0.id == name } ?? runs.last { $0.title == name }
        guard let found else {
            throw CommandError("there is no run \"\(name)\"; :metrics lists the \(runs.count) runs")
        }
        return (found.title, try metrics(of: found.id))
    }

    /// The latest run with a metric of this name, full or short.
    func series(
        of name: String, run: String?
    ) throws -> (key: String, title: String, points: [(step: Int, value: Double)]) {
        let candidates =
            try run.map { [try self.run($0)] }
            ?? runs.reversed().map { (title: $0.title, try metrics(of: $0.id)) }
        if candidates.isEmpty { throw CommandError("nothing to plot yet; train something first") }
        for (title, series) in candidates {
            let keys = Metric.keys(for: name, among: series.names)
            if let key = keys.first { return (key, title, series.points(of: key)) }
        }
        let known = candidates[0].1.names.filter { !MetricRow.timingKeys.contains($0) }
        throw CommandError(
            "no run has a metric \"\(name)\"; the latest has \(known.joined(separator: ", "))")
    }
}

/// `:show`: what is in a slot.
struct ShowCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the slots, or what one of them holds.")
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A slot; nothing lists all of them.")
    var slot: String?

    @Option(help: ArgumentHelp("Rows to show.", valueName: "N"))
    var count = 3

    func execute(in context: CommandContext) throws {
        let workspace = context.workspace
        guard let slot else {
            let rows = try workspace.names.map { name -> [String] in
                let artifact = try context.artifact(name, slots: [], option: "a slot")
                return [name, artifact.kind, artifact.size]
            }
            if rows.isEmpty { context.console.say("all slots are empty; :load fills one") }
            if !rows.isEmpty {
                context.console.show(Table(headers: ["slot", "holds", "size"], rows: rows))
            }
            return
        }
        let artifact = try context.artifact(slot, slots: [], option: "a slot")
        context.console.say("\(slot): \(artifact.size), \(artifact.kind)", .strong)
        for fields in rows(of: artifact).prefix(count) {
            context.console.show(KeyValueList(fields))
        }
    }

    private func rows(of artifact: Artifact) -> [[(String, String)]] {
        switch artifact {
        case .demonstrations(let rows):
            rows.map { [("prompt", $0.prompt), ("completion", $0.completion)] }
        case .prompts(let rows): rows.map { [("prompt", $0.text)] }
        case .pairs(let rows):
            rows.map { [("prompt", $0.prompt), ("chosen", $0.chosen), ("rejected", $0.rejected)] }
        case .comparisons(let rows):
            rows.map { [("prompt", $0.prompt), ("left", $0.left), ("right", $0.right)] }
        case .votes(let rows):
            rows.map {
                [
                    ("annotator", $0.annotator + ($0.isSimulated ? " (simulated)" : "")),
                    ("verdict", $0.verdict.rawValue),
                ]
            }
        case .rules(let rules, _): [[("rules", rules.ruleNames.joined(separator: ", "))]]
        case .tokenizer, .model: []
        }
    }
}
