/// A figure shown beside the count: "loss 0.412".
public struct ProgressField: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// One line that follows a long run:
///
///     reward  step 120/200  60%  loss 0.412  38.2 step/s  eta 0:02
///
/// On a terminal it is drawn over itself, at most ten times a second, without ever wrapping;
/// elsewhere a full line is written now and then. At the end one line stays.
public final class ProgressLine {
    public enum Outcome: Sendable {
        case done, interrupted, failed
    }

    private let text: ProgressText
    private let total: Int?
    private let capabilities: TerminalCapabilities
    private let columns: () -> Int
    private let clock: () -> Double
    private let sink: (String) -> Void
    private let start: Double
    private var schedule: any ProgressSchedule

    private var rate: ProgressRate
    private var completed: Int
    private var fields: [ProgressField] = []
    private var drawnWidth = 0
    private var isFinished = false

    /// - Parameters:
    ///   - total: nil where the end is not known; then there is no percentage and no estimate.
    ///   - initial: What was done before, in a resumed run.
    ///   - columns: The width now, asked at every drawing; nil takes that of `capabilities`.
    ///   - clock: Seconds of a clock that never goes back, such as `MonotonicClock.seconds`.
    ///   - sink: Takes what is to be written.
    public init(
        title: String, total: Int?, unit: String = "step", initial: Int = 0,
        capabilities: TerminalCapabilities, columns: (() -> Int)? = nil,
        clock: @escaping () -> Double, sink: @escaping (String) -> Void
    ) {
        text = ProgressText(title: title, unit: unit, total: total)
        self.total = total
        self.capabilities = capabilities
        self.columns = columns ?? { capabilities.columns }
        self.clock = clock
        self.sink = sink
        start = clock()
        completed = initial
        rate = ProgressRate(time: start, completed: initial)
        schedule = capabilities.isTerminal ? LiveSchedule() : FileSchedule(total: total)
    }

    /// Tells how far the run is; drawn if it is time.
    public func update(_ completed: Int, fields: [ProgressField] = []) {
        if isFinished { return }
        self.completed = completed
        if !fields.isEmpty { self.fields = fields }
        let now = clock()
        guard schedule.isDue(completed: completed, time: now) else { return }
        rate.update(time: now, completed: completed)
        if capabilities.isTerminal {
            draw()
        } else {
            let stamp = StyledLine("[\(formatted(clock: now - start))] ")
            sink((stamp + currentLine(width: nil)).rendered(for: capabilities) + "\n")
        }
    }

    /// Writes a line that stays, above the progress.
    public func log(_ line: StyledLine) {
        let wasDrawn = drawnWidth > 0
        sink(erasure() + line.rendered(for: capabilities) + "\n")
        if wasDrawn, !isFinished { draw() }
    }

    /// Replaces the progress by one line that stays. Later calls do nothing.
    public func finish(_ outcome: Outcome = .done, fields: [ProgressField] = []) {
        if isFinished { return }
        isFinished = true
        if !fields.isEmpty { self.fields = fields }
        let seconds = clock() - start
        let mean = seconds > 0 ? Double(completed - rate.initial) / seconds : nil
        let line = text.summary(
            completed: completed, fields: self.fields, outcome: outcome, seconds: seconds,
            rate: mean)
        sink(erasure() + line.rendered(for: capabilities) + "\n")
    }

    // MARK: Drawing

    private func currentLine(width: Int?) -> StyledLine {
        text.line(completed: completed, fields: fields, rate: rate.perSecond, width: width)
    }

    private func draw() {
        // The last column stays free: a character there would wrap on some terminals.
        let line = currentLine(width: max(1, columns() - 1))
        let width = line.displayWidth
        var frame = "\r" + line.rendered(for: capabilities)
        if capabilities.cursorControl {
            frame += "\u{1B}[K"
        } else {
            frame += String(repeating: " ", count: max(0, drawnWidth - width))
        }
        drawnWidth = width
        sink(frame)
    }

    private func erasure() -> String {
        defer { drawnWidth = 0 }
        if drawnWidth == 0 { return "" }
        if capabilities.cursorControl { return "\r\u{1B}[K" }
        return "\r" + String(repeating: " ", count: drawnWidth) + "\r"
    }
}
