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

/// For files: the first step, then each quarter, but not within ten seconds of the line before.
/// Without a known end, every ten seconds.
struct FileSchedule: ProgressSchedule {
    let total: Int?
    private var last: Double?
    private var lastQuarter = 0

    init(total: Int?) {
        self.total = total
    }

    mutating func isDue(completed: Int, time: Double) -> Bool {
        let quarter = total.map { $0 > 0 ? 4 * completed / $0 : 0 }
        if let last {
            if time - last < 10 { return false }
            if let quarter, quarter <= lastQuarter { return false }
        }
        last = time
        lastQuarter = quarter ?? 0
        return true
    }
}
