import Alignment
import LanguageModels
import OrderedJSON
import TerminalUI

/// One training run of a command: its progress line, its metric series and its checkpoints.
///
/// Recipes report events; here they become a line on the screen, rows on disk, and, when the user or a
/// crash stops the run, a checkpoint that goes on with the same bits.
final class TrainingRun {
    private let context: CommandContext
    private let title: String
    private let arguments: TrainingArguments
    private let checkpoints: CheckpointFile?
    private let metrics: MetricWriter?
    private let resumed: (checkpoint: TrainingCheckpoint, rows: [Alignment.MetricRow])?
    private var progress: ProgressLine?
    private var progressUnit = "step"
    /// What was reported so far, for the picture above the progress line.
    private var curve: [String: [PlotPoint]] = [:]
    private var lastCheckpointAt = MonotonicClock.seconds()
    private var lastStepAt = MonotonicClock.seconds()
    private var tokensRead = 0.0
    private var hasCheckpoint = false
    private(set) var warnings: [HealthWarning] = []
    private(set) var lastRow: Alignment.MetricRow?

    /// - Parameters:
    ///   - title: Names the run on screens, such as "sft".
    ///   - fields: The metrics shown in the progress line, with short names.
    init(
        _ context: CommandContext, title: String, arguments: TrainingArguments,
        fields: [(key: String, name: String)]
    ) throws {
        self.context = context
        self.title = title
        self.arguments = arguments
        self.fields = fields
        let place = try RunPlace(context, title: title, arguments: arguments)
        checkpoints = place.checkpoints
        let resumed = place.resumed(context.console)
        if let checkpoints, let method = resumed?.checkpoint[text: Self.methodName],
            method != title
        {
            throw CommandError(
                CheckpointSentences.otherMethod(
                    method, run: title, path: checkpoints.path, startAgain: Self.startAgain(context)
                ))
        }
        let identity =
            context.words.isEmpty
            ? nil
            : try RunIdentity(
                words: context.words, inputs: context.inputs, settings: context.settings)
        self.identity = identity?.json
        if let checkpoints, let identity,
            let earlier = resumed?.checkpoint[text: Self.identityName].flatMap({
                try? JSON(parsing: Array($0.utf8))
            })
        {
            let differences = identity.differences(from: earlier)
            if !differences.isEmpty {
                throw CommandError(
                    CheckpointSentences.otherCommand(
                        differences, run: title, path: checkpoints.path,
                        startAgain: Self.startAgain(context)))
            }
        }
        metrics = try place.metricsPath.map {
            try MetricWriter(path: $0, keepingThroughStep: resumed?.checkpoint.step)
        }
        self.resumed = resumed
        tokensRead = resumed?.rows.last?["num_tokens"] ?? 0
        // A run that was killed between its last step and the cell's end has no step left to make.
        lastRow = resumed?.rows.last
    }

    private let fields: [(key: String, name: String)]
    /// Under what a checkpoint keeps the name of its method.
    private static let methodName = "method"
    /// Under what it keeps the command that it belongs to.
    private static let identityName = "identity"
    private let identity: JSON?

    /// How a run that cannot be gone on with is started again.
    private static func startAgain(_ context: CommandContext) -> String {
        guard let cell = context.cell else { return "leave --resume out to start afresh" }
        let number = context.notebook?.folder.cells.first { $0.id == cell.id }?.number
        return ":rerun\(number.map { " \($0)" } ?? "") starts it afresh"
    }

    /// Runs a recipe with this run's report; throws when it did not come to its end.
    func perform(
        _ recipe: (TrainingCheckpoint?, [Alignment.MetricRow], TrainingReport) -> TrainingOutcome
    ) throws -> TrainingOutcome {
        let outcome = recipe(resumed?.checkpoint, resumed?.rows ?? []) { handle($0) }
        switch outcome {
        case .finished, .reached:
            progress?.finish(.done, fields: progressFields(lastRow))
            finishMetrics()
            noteFacts()
            // A cell's checkpoints go when its end is on disk: until then a crash needs them.
            if context.cell == nil { checkpoints?.remove() }
            return outcome
        case .interrupted(let step):
            progress?.finish(.interrupted, fields: progressFields(lastRow))
            finishMetrics()
            if let alarm, !Interrupts.isRaised { throw stopped(by: alarm, at: step) }
            throw CommandError.interrupted(
                "\(title) was stopped after step \(step); everything up to there is kept and "
                    + (context.cell == nil
                        ? "the same command with --resume goes on from it"
                        : ":resume goes on from it"))
        case .diverged(let step, let metric):
            progress?.finish(.failed, fields: progressFields(lastRow))
            finishMetrics()
            let tensor = warnings.last { $0.cause == .nonFinite }?.tensor
            throw CommandError(
                "\(title) diverged: \(metric) was not a finite number at step \(step)"
                    + (tensor.map { ", first in \($0)" } ?? "") + "; lower --learning-rate (the "
                    + "parameters of step \(step - 1) were the last good ones)")
        case .invariantBroken(let step, let sentence):
            progress?.finish(.failed, fields: progressFields(lastRow))
            finishMetrics()
            throw CommandError("\(title) stopped at step \(step): \(sentence); this is a defect")
        case .unfit(let mismatch):
            finishMetrics()
            throw CommandError(
                CheckpointSentences.sentence(
                    mismatch, run: title, path: checkpoints?.path ?? "the checkpoint",
                    startAgain: Self.startAgain(context)))
        }
    }

    /// The end of a run that was to end with the first alarm.
    private func stopped(by alarm: HealthWarning, at step: Int) -> CommandError {
        CommandError(
            "\(title) was stopped by --health stop after step \(step): \(alarm.cause.rawValue); "
                + "\(alarm.advice); everything up to there is kept and "
                + (context.cell == nil
                    ? "the same command with --resume goes on from it" : ":resume goes on from it"),
            exitCode: .checkFailed)
    }

    /// Shows what the run came to: the last step's figures by name, and every warning.
    ///
    /// - Parameters:
    ///   - unit: What a step is called.
    ///   - first: Facts after the number of steps.
    ///   - metrics: Keys of the last row with the names to show; those it lacks are left out.
    func summarize(
        unit: String = "steps", first: [(String, String)] = [],
        metrics: [(key: String, name: String)]
    ) {
        guard let last = lastRow else { return }
        var facts = [(unit, "\(last.step)")] + first
        for (key, name) in metrics {
            if let value = last[key] {
                facts.append((name, formatted(value, significantDigits: 3)))
            }
        }
        context.console.show(KeyValueList(facts))
        for warning in warnings { context.console.show(HealthView.line(warning)) }
    }

    /// The last figures, for a tutorial's expectations.
    private func noteFacts() {
        var facts = context.cell?.details["facts"]?.objectValue ?? JSONObject()
        for entry in lastRow?.entries ?? [] { facts[entry.key] = .number(entry.value) }
        // The step at which each cause was named; how many there were.
        for warning in warnings {
            let name = warning.cause.rawValue.replacing(" ", with: "-")
            facts["health/" + name] = .integer(warning.step)
        }
        facts["health/alarms"] = .integer(warnings.count)
        context.cell?.details["facts"] = .object(facts)
    }

    private func finishMetrics() {
        guard let metrics else { return }
        let digest = metrics.finish()
        context.cell?.metrics.append(digest)
        if let problem = metrics.problem { context.notebook?.cannotSave(problem) }
    }

    private func handle(_ event: TrainingEvent) -> Decision {
        switch event {
        case .started(let completed, let total, let unit):
            hasStarted = true
            progressUnit = unit
            for row in resumed?.rows ?? [] {
                for field in fields.prefix(1) where row[field.key] != nil {
                    let value = row[field.key] ?? .nan
                    curve[field.key, default: []].append(PlotPoint(x: Double(row.step), y: value))
                }
            }
            progress = makeProgress(total: total, unit: unit, completed: completed)
            lastStepAt = MonotonicClock.seconds()
        case .step(let row, let checkpoint):
            record(row)
            return decide(row.step, checkpoint)
        case .warning(let warning):
            warnings.append(warning)
            // Warnings of before an interruption are said again, and have been decided on.
            if hasStarted && arguments.health == .stop && alarm == nil { alarm = warning }
            progress?.log(HealthView.line(warning))
        case .samples(_, let samples):
            if context.cell != nil { waitingSamples = samples }
        }
        return .continue
    }

    /// Answers of the step that is about to be reported.
    private var waitingSamples: [PromptedCompletion] = []
    private var hasStarted = false
    /// The warning that ends the run, where it is to end with one.
    private var alarm: HealthWarning?

    private func record(_ row: Alignment.MetricRow) {
        let now = MonotonicClock.seconds()
        let seconds = max(1e-9, now - lastStepAt)
        lastStepAt = now
        lastRow = row
        if let key = fields.first(where: { row[$0.key] != nil })?.key, let value = row[key] {
            curve[key, default: []].append(PlotPoint(x: Double(row.step), y: value))
        }
        var values = row.entries.map { (name: $0.key, value: $0.value) }
        if let tokens = row["num_tokens"] {
            values.append(("tokens_per_second", (tokens - tokensRead) / seconds))
            tokensRead = tokens
        }
        values.append(("step_seconds", seconds))
        var stored = MetricRow(step: row.step, values: values)
        context.console.emit(stored.json)
        stored.samples = waitingSamples
        waitingSamples = []
        metrics?.append(stored)
        progress?.update(row.step, fields: progressFields(row))
    }

    private func decide(_ step: Int, _ checkpoint: () -> TrainingCheckpoint) -> Decision {
        let mustStop = Interrupts.isRaised || alarm != nil
        let isDue = MonotonicClock.seconds() - lastCheckpointAt >= arguments.checkpointEvery
        if let checkpoints, mustStop || isDue {
            do {
                // The rows up to the checkpoint are part of what the run goes on from.
                metrics?.synchronize()
                // What an earlier run of the cell left is nothing to fall back to.
                if resumed == nil && !hasCheckpoint { checkpoints.remove() }
                hasCheckpoint = true
                var kept = checkpoint()
                kept.texts.append(.init(name: Self.methodName, value: title))
                if let identity {
                    kept.texts.append(.init(name: Self.identityName, value: identity.text))
                }
                try checkpoints.save(kept)
                try context.notebook?.noteCheckpoint(context.cell, run: checkpoints.run, step: step)
            } catch {
                progress?.log(
                    StyledLine(
                        "the checkpoint could not be written: \(sentence(for: error))", .warning))
            }
            lastCheckpointAt = MonotonicClock.seconds()
        }
        return mustStop ? .stop : .continue
    }

    private func makeProgress(total: Int, unit: String, completed: Int) -> ProgressLine? {
        if context.settings.isQuiet || context.console.isSilent { return nil }
        return ProgressLine(
            title: title, total: total, unit: unit, initial: completed,
            capabilities: context.console.errorCapabilities,
            columns: { TerminalCapabilities.currentColumns(descriptor: 2) ?? 80 },
            rows: { TerminalCapabilities.currentRows(descriptor: 2) ?? 24 },
            picture: { [unowned self] in picture(width: $0, rows: $1) },
            clock: MonotonicClock.seconds,
            sink: { text in try? StandardStream.errors.write(text) })
    }

    /// The first of the fields as a curve over the steps so far.
    private func picture(width: Int, rows: Int) -> [StyledLine] {
        guard let field = fields.first(where: { curve[$0.key] != nil }),
            let points = curve[field.key], points.count > 1
        else { return [] }
        var plot = LinePlot(
            title: "", xLabel: progressUnit, series: [Series(name: field.name, points: points)],
            height: rows)
        // The line below says the rest.
        plot.isBare = true
        return plot.lines(width: width, capabilities: context.console.errorCapabilities)
    }

    private func progressFields(_ row: Alignment.MetricRow?) -> [ProgressField] {
        guard let row else { return [] }
        return fields.compactMap { field in
            row[field.key].map { ProgressField(field.name, formatted($0, significantDigits: 3)) }
        }
    }
}

/// Where a run keeps its metrics and checkpoints: in the session, or beside `--out`.
private struct RunPlace {
    let metricsPath: String?
    let checkpoints: CheckpointFile?
    let resumes: Bool
    /// Whether the rows up to a checkpoint are part of the record, as in a session.
    private let needsRows: Bool

    init(_ context: CommandContext, title: String, arguments: TrainingArguments) throws {
        needsRows = context.cell != nil
        if let cell = context.cell, let notebook = context.notebook {
            let run = notebook.beginRun(cell, title: title)
            metricsPath = arguments.metrics.map(context.resolve) ?? notebook.metricsPath(of: run)
            checkpoints = CheckpointFile(path: notebook.checkpointPath(of: run), run: run)
            resumes = cell.checkpoint?["run"]?.stringValue == run
        } else {
            metricsPath = arguments.metrics
            checkpoints = arguments.out.map {
                CheckpointFile(path: $0 + ".checkpoint.safetensors", run: title)
            }
            resumes = arguments.resume
            if arguments.resume && checkpoints?.exists != true {
                throw CommandError(
                    "there is no checkpoint to go on from (\(arguments.out ?? "--out is missing")"
                        + ".checkpoint.safetensors); run the command without --resume")
            }
        }
    }

    /// The newest checkpoint that is sound, with the metric rows up to it; says what was passed over.
    func resumed(
        _ console: Console
    ) -> (checkpoint: TrainingCheckpoint, rows: [Alignment.MetricRow])? {
        guard resumes, let checkpoints, checkpoints.exists else { return nil }
        let series = metricsPath.flatMap { try? MetricSeries(path: $0) }
        let (checkpoint, problems) = checkpoints.read { checkpoint in
            !needsRows
                || series?.prefix(throughStep: checkpoint.step).rows.count == checkpoint.step
        }
        for problem in problems {
            let next =
                checkpoint.map { "going on from the one before, of step \($0.step)" }
                ?? "the run starts again"
            console.complain("\(problem); \(next)", .warning)
        }
        guard let checkpoint else { return nil }
        let rows = series?.prefix(throughStep: checkpoint.step).rows ?? []
        return (
            checkpoint,
            rows.map { row in
                Alignment.MetricRow(
                    step: row.step,
                    row.values.filter { !MetricRow.timingKeys.contains($0.name) }
                        .map { ($0.name, $0.value) })
            }
        )
    }
}
