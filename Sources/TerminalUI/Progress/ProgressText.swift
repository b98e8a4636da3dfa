/// The words of a progress line.
struct ProgressText {
    let title: String
    let unit: String
    let total: Int?

    /// Title, count, percentage, fields, rate and estimate; what does not fit is dropped from the
    /// right.
    func line(completed: Int, fields: [ProgressField], rate: Double?, width: Int?) -> StyledLine {
        var parts = [StyledLine(title, .strong), StyledLine(count(completed))]
        if let total, total > 0 {
            let done = Double(min(completed, total)) / Double(total)
            // 199 of 200 is not yet 100 %.
            let percent = Int((done * 100).rounded(.down))
            parts.append(StyledLine("\(percent)%"))
        }
        parts += fields.map { StyledLine("\($0.name) \($0.value)") }
        if let rate, rate > 0 {
            parts.append(StyledLine(rateText(rate)))
            if let total, completed < total {
                let seconds = Double(total - completed) / rate
                parts.append(StyledLine("eta \(formatted(clock: seconds))"))
            }
        }
        guard let width else { return joined(parts) }
        while parts.count > 1, joined(parts).displayWidth > width { parts.removeLast() }
        return joined(parts).truncated(to: width, ellipsis: "")
    }

    /// The line that stays.
    func summary(
        completed: Int, fields: [ProgressField], outcome: ProgressLine.Outcome, seconds: Double,
        rate: Double?
    ) -> StyledLine {
        var parts = [StyledLine(title, .strong), StyledLine(count(completed))]
        parts += fields.map { StyledLine("\($0.name) \($0.value)") }
        let time = formatted(seconds: seconds)
        switch outcome {
        case .done: parts.append(StyledLine("done in \(time)", .good))
        case .interrupted: parts.append(StyledLine("interrupted after \(time)", .warning))
        case .failed: parts.append(StyledLine("failed after \(time)", .error))
        }
        if let rate, rate > 0 { parts.append(StyledLine(rateText(rate))) }
        return joined(parts)
    }

    private func count(_ completed: Int) -> String {
        total.map { "\(unit) \(completed)/\($0)" } ?? "\(unit) \(completed)"
    }

    /// Slow runs are told in seconds a step.
    private func rateText(_ rate: Double) -> String {
        rate < 1 ? "\(formatted(1 / rate)) s/\(unit)" : "\(formatted(rate)) \(unit)/s"
    }

    private func joined(_ parts: [StyledLine]) -> StyledLine {
        parts.dropFirst().reduce(parts[0]) { $0 + "  " + $1 }
    }
}
