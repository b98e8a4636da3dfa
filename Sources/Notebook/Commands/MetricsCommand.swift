import Alignment
import ArgumentParser
import TerminalUI

/// `:metrics`: the runs of the session, or the figures of one.
struct MetricsCommand: PagedCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "List training runs, or the figures of one.")
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A run: the number of its cell, its name, or the latest of a recipe.")
    var run: String?

    func execute(in context: CommandContext) throws {
        let lookup = RunLookup(context)
        guard let run else { return try list(lookup, context) }
        let found = try lookup.run(run)
        let series = try lookup.metrics(of: found)
        context.console.say(
            "\(found.label), \(SentenceParts.count(series.rows.count, "row")), to step "
                + "\(series.rows.last?.step ?? 0)", .strong)
        let rows = series.names.filter { !MetricRow.timingKeys.contains($0) }.map {
            Self.row($0, series.points(of: $0).map(\.value))
        }
        context.console.show(
            Table(
                headers: ["metric", "last", "min", "max", "curve", "healthy"], styledRows: rows,
                optional: [5, 2, 3, 4]))
    }

    private static func row(_ name: String, _ values: [Double]) -> [StyledLine] {
        let finite = values.filter(\.isFinite)
        func text(_ value: Double?) -> StyledLine {
            StyledLine(value.map { formatted($0, significantDigits: 3) } ?? "–")
        }
        // Out of its range is marked in words, too: colours may be off.
        let isOut = values.last.map { Metric.named(name)?.isHealthy($0) == false } ?? false
        let last = text(values.last) + StyledLine(isOut ? " !" : "", .warning)
        return [
            StyledLine(name), last, text(finite.min()), text(finite.max()),
            Sparkline(values, columns: 12).line(capabilities: Console.recorded),
            StyledLine(Metric.named(name)?.healthy ?? "", .dim),
        ]
    }

    private func list(_ lookup: RunLookup, _ context: CommandContext) throws {
        let runs = lookup.runs
        if runs.isEmpty {
            context.console.say("no training runs yet; try :train sft")
            return
        }
        let rows = try runs.map { run -> [StyledLine] in
            let series = try lookup.metrics(of: run)
            let spark = RunSparkline(run, series)
            return [
                StyledLine(run.cell.map { "\($0)" } ?? ""), StyledLine(run.title, .strong),
                StyledLine("\(series.rows.last?.step ?? 0)"), StyledLine(spark.key),
                spark.line, StyledLine(run.id, .dim),
            ]
        }
        context.console.show(
            Table(
                headers: ["cell", "recipe", "steps", "watched", "curve", "run"], styledRows: rows,
                optional: [5, 4])
        )
    }
}

/// The curve that tells most about a run, in a few columns.
struct RunSparkline {
    /// Its metric.
    let key: String
    let line: StyledLine

    /// What a run is about, first that it has: the score that is optimised, the accuracy, the loss.
    private static let watched = [
        "objective/scores", "rewards/accuracies", "loss", "loss/policy_avg",
    ]

    /// The curves of the cells that trained, by cell number.
    static func byCell(_ context: CommandContext) -> [Int: String] {
        let lookup = RunLookup(context)
        var curves: [Int: String] = [:]
        for run in lookup.runs {
            guard let cell = run.cell, let series = try? lookup.metrics(of: run) else { continue }
            curves[cell] = RunSparkline(run, series, columns: 8).line.plainText
        }
        return curves
    }

    init(_ run: SessionRun, _ series: MetricSeries, columns: Int = 12) {
        let names = series.names
        key = Self.watched.first { names.contains($0) } ?? names.first ?? ""
        line = Sparkline(series.points(of: key).map(\.value), columns: columns)
            .line(capabilities: Console.recorded)
    }
}
