/// When a progress line is written.
protocol ProgressSchedule {
    /// Asked at every step; a yes counts as written.
    mutating func isDue(completed: Int, time: Double) -> Bool
}

/// At most ten times a second.
struct LiveSchedule: ProgressSchedule {
    private var last: Double?

    mutating func isDue(completed: Int, time: Double) -> Bool {
        if let last, time - last < 0.1 { return false }
        last = time
        return true
    }
}

/// For files: the first step, then every ten seconds; in the second minute and later a sixth of the
/// time so far, so that a long night does not fill the log.
struct FileSchedule: ProgressSchedule {
    private var first: Double?
    private var last: Double?

    mutating func isDue(completed: Int, time: Double) -> Bool {
        if let first, let last, time - last < max(10, min(600, (time - first) / 6)) { return false }
        first = first ?? time
        last = time
        return true
    }
}
