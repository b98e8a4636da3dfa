import Alignment
import TerminalUI

/// A plot with a heading that says more than its title.
struct FoundPlot {
    var data: PlotData
    var heading: String

    /// The values of the curves, whatever their steps.
    var asHistogram: FoundPlot {
        guard case .curves(let series) = data.picture else { return self }
        let groups = series.map { Histogram.Group(name: $0.name, values: $0.points.map(\.y)) }
        return FoundPlot(
            data: PlotData(title: data.title, x: data.y ?? data.title, groups: groups),
            heading: heading)
    }
}

/// Makes the plots that are asked for out of what the session's runs and cells keep.
struct PlotFinder {
    private let context: CommandContext
    private let lookup: RunLookup
    /// The runs as they were typed; nil takes the latest that has the metric.
    private let names: String?

    init(_ context: CommandContext, runs names: String?) {
        self.context = context
        lookup = RunLookup(context)
        self.names = names
    }

    /// One metric in one or more runs.
    private struct Found {
        let key: String
        let unit: Metric.Unit?
        var curves: [(run: SessionRun, points: [(step: Int, value: Double)])]

        /// The x axis: a step of PPO is an update.
        var axis: String { curves.allSatisfy { $0.run.title == "ppo" } ? "update" : "step" }
        var count: Int { curves.map(\.points.count).max() ?? 0 }
    }

    private func found(_ name: String) throws -> Found {
        let runs: [(SessionRun, String)]
        if let names {
            runs = try lookup.runs(names).map { ($0, try lookup.key(of: name, in: $0)) }
        } else {
            let latest = try lookup.latest(with: name)
            runs = [(latest.run, latest.key)]
        }
        let key = runs.first?.1 ?? name
        return Found(
            key: key, unit: Metric.named(key)?.unit,
            curves: try runs.map { ($0.0, try lookup.metrics(of: $0.0).points(of: $0.1)) })
    }

    // MARK: Curves

    /// Every metric with a curve for each run; neighbours of one unit share a picture.
    func curves(of names: [String]) throws -> [FoundPlot] {
        var groups: [[Found]] = []
        for name in names {
            let found = try found(name)
            if let last = groups.last?.first, let unit = found.unit, unit != .none,
                last.unit == unit,
                last.axis == found.axis
            {
                groups[groups.count - 1].append(found)
            } else {
                groups.append([found])
            }
        }
        return groups.map(plot)
    }

    private func plot(_ group: [Found]) -> FoundPlot {
        let series = group.flatMap { found in
            found.curves.map { curve in
                Series(
                    name: name(of: found, curve.run, alone: group.count == 1),
                    points: curve.points.map { PlotPoint(x: Double($0.step), y: $0.value) })
            }
        }
        let keys = group.map(\.key).joined(separator: " and ")
        let runs = group[0].curves.map(\.run)
        let unit = group[0].unit
        // A recorded plot says "step" whatever the recipe calls it.
        return FoundPlot(
            data: PlotData(title: keys, x: "step", y: unit?.rawValue, series: series),
            heading: "\(keys), \(runs.count == 1 ? runs[0].title : Self.list(runs)), n = "
                + "\(group.map(\.count).max() ?? 0)"
                + (unit.map { $0 == .none ? "" : ", " + $0.rawValue } ?? ""))
    }

    /// What tells a curve from the others: its run, its metric, or both.
    private func name(of found: Found, _ run: SessionRun, alone: Bool) -> String {
        if found.curves.count == 1 { return found.key }
        return alone ? run.label : "\(found.key) \(run.label)"
    }

    private static func list(_ runs: [SessionRun]) -> String {
        SentenceParts.list(runs.map(\.label), "and")
    }

    /// The mean over several runs with its band.
    func band(of name: String, kind: SeedBand.Kind) throws -> FoundPlot {
        let found = try found(name)
        guard found.curves.count > 1 else {
            throw CommandError.usage(
                "--band needs several runs; name them with --runs 3,7 (:metrics lists them)")
        }
        let series = SeedBand(kind: kind).series(
            name: found.key, runs: found.curves.map(\.points))
        return FoundPlot(
            data: PlotData(
                title: "\(found.key), mean of \(found.curves.count) runs, shade: \(kind.words)",
                x: "step", y: found.unit?.rawValue, series: [series]),
            heading: "\(found.key), mean of \(found.curves.count) runs "
                + "(\(Self.list(found.curves.map(\.run)))), shade: \(kind.words)")
    }

    /// One metric over another, joined at equal steps, in the order of training.
    func path(of name: String, against other: String) throws -> FoundPlot {
        let y = try found(name)
        let series = try y.curves.map { curve -> Series in
            let key = try lookup.key(of: other, in: curve.run)
            let across = try lookup.metrics(of: curve.run).points(of: key)
            let byStep = Dictionary(across.map { ($0.step, $0.value) }) { _, last in last }
            let points = curve.points.compactMap { point in
                byStep[point.step].map { PlotPoint(x: $0, y: point.value) }
            }
            return Series(
                name: y.curves.count == 1 ? y.key : curve.run.label, points: points, mark: .path)
        }
        let x = try lookup.key(of: other, in: y.curves[0].run)
        let title = "\(y.key) against \(x)"
        return FoundPlot(
            data: PlotData(title: title, x: x, y: y.unit?.rawValue, series: series),
            heading: "\(title), \(Self.list(y.curves.map(\.run))), in the order of training")
    }

    // MARK: Scores

    /// Scores of single completions: how they are spread, or with lengths a cloud of points.
    func scores(against: String?) throws -> FoundPlot {
        let cell = try cellWithScores()
        let samples = ScoreSample.samples(of: cell)
        guard let against else {
            return FoundPlot(
                data: PlotData(
                    title: "scores of cell \(cell.number)", x: "score",
                    groups: samples.map { Histogram.Group(name: $0.name, values: $0.scores) }),
                heading: "scores of completions, cell \(cell.number)")
        }
        guard ["length", "lengths", "tokens"].contains(against) else {
            throw CommandError.usage("scores can be plotted --against length, found \"\(against)\"")
        }
        let series = samples.map { sample in
            Series(
                name: sample.name,
                points: zip(sample.tokens, sample.scores).map {
                    PlotPoint(x: Double($0), y: $1)
                }, mark: .points)
        }
        return FoundPlot(
            data: PlotData(
                title: "score against length, cell \(cell.number)", x: "tokens", y: "score",
                series: series),
            heading: "score against length of completions, cell \(cell.number)")
    }

    /// The cell that is named, or the latest that kept scores.
    private func cellWithScores() throws -> Cell {
        let cells = context.notebook?.folder.cells ?? []
        let named = names.map { names in
            cells.filter { "\($0.number)" == names || $0.id == names }
        }
        let found = (named ?? cells).last { !ScoreSample.samples(of: $0).isEmpty }
        if let found { return found }
        throw CommandError(
            named == nil
                ? "no cell kept scores yet; train reward and evaluate do"
                : "cell \(names ?? "") kept no scores; train reward and evaluate do")
    }
}
