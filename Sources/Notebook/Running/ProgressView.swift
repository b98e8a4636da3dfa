import TerminalUI

/// A progress line for work that is not training.
struct ProgressView {
    private let line: ProgressLine?

    init(_ context: CommandContext, title: String, total: Int, unit: String) {
        if context.settings.isQuiet || context.console.isSilent {
            line = nil
            return
        }
        line = ProgressLine(
            title: title, total: total, unit: unit,
            capabilities: context.console.errorCapabilities,
            columns: { TerminalCapabilities.currentColumns(descriptor: 2) ?? 80 },
            clock: MonotonicClock.seconds,
            sink: { text in try? StandardStream.errors.write(text) })
    }

    func update(_ completed: Int) { line?.update(completed) }
    func finish() { line?.finish() }
}
