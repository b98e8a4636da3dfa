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
    private var block = LiveBlock()
    /// A picture above the line, for a width and so many rows at most; nil without.
    private let picture: ((Int, Int) -> [StyledLine])?
    private let rows: () -> Int
    private var isFinished = false

    /// - Parameters:
    ///   - total: nil where the end is not known; then there is no percentage and no estimate.
    ///   - initial: What was done before, in a resumed run.
    ///   - columns: The width now, asked at every drawing; nil takes that of `capabilities`.
    ///   - picture: Drawn above the line on terminals with room for it: lines for a width, at most so
    ///     many. It is gone at the end.
    ///   - clock: Seconds of a clock that never goes back, such as `MonotonicClock.seconds`.
    ///   - sink: Takes what is to be written.
    public init(
        title: String, total: Int?, unit: String = "step", initial: Int = 0,
        capabilities: TerminalCapabilities, columns: (() -> Int)? = nil,
        rows: (() -> Int)? = nil, picture: ((Int, Int) -> [StyledLine])? = nil,
        clock: @escaping () -> Double, sink: @escaping (String) -> Void
    ) {
        text = ProgressText(title: title, unit: unit, total: total)
        self.total = total
        self.capabilities = capabilities
        self.columns = columns ?? { capabilities.columns }
        self.rows = rows ?? { capabilities.rows }
        self.picture = picture
        self.clock = clock
        self.sink = sink
        start = clock()
        completed = initial
        rate = ProgressRate(time: start, completed: initial)
        schedule = capabilities.isTerminal ? LiveSchedule() : FileSchedule()
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
        let wasDrawn = block.isDrawn
        sink(erasure() + kept(line))
        if wasDrawn, !isFinished { draw() }
    }

    /// A line that stays: in a window it is broken between words.
    private func kept(_ line: StyledLine) -> String {
        let lines = capabilities.isTerminal ? line.wrapped(to: max(1, columns())) : [line]
        return lines.map { $0.rendered(for: capabilities) + "\n" }.joined()
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
        sink(erasure() + kept(line))
    }

    // MARK: Drawing

    private func currentLine(width: Int?) -> StyledLine {
        text.line(completed: completed, fields: fields, rate: rate.perSecond, width: width)
    }

    private func draw() {
        // The last column stays free: a character there would wrap on some terminals.
        let width = max(1, columns() - 1)
        var lines = [currentLine(width: width)]
        if let picture, capabilities.cursorControl, rows() >= Self.fewestRows, width >= 48,
            clock() - start >= Self.secondsBeforePicture
        {
            // A third of the window: what was said before stays in sight.
            lines = picture(width, rows() / 3) + lines
        }
        sink(block.frame(lines, columns: columns(), capabilities: capabilities))
    }

    private static let fewestRows = 18
    /// What is over at once needs no picture.
    private static let secondsBeforePicture = 1.5

    private func erasure() -> String {
        block.erasure(columns: columns(), capabilities: capabilities)
    }
}
