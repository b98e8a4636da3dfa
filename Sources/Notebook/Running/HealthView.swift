import Alignment
import TerminalUI

/// A named problem of a run as a line: what, the figures that show it, what to do.
enum HealthView {
    static func line(_ warning: HealthWarning) -> StyledLine {
        var evidence = warning.evidence.map { item -> String in
            let value = formatted(item.value, significantDigits: 3)
            let name = item.metric.split(separator: "/").last.map(String.init) ?? item.metric
            guard let reference = item.reference else { return "\(name) \(value)" }
            return "\(name) \(value) against \(formatted(reference, significantDigits: 3))"
        }
        if let tensor = warning.tensor { evidence.append("first in \(tensor)") }
        return StyledLine("\(warning.cause.rawValue)", .warning)
            + StyledLine(
                " at step \(warning.step) (\(evidence.joined(separator: "; "))): \(warning.advice)")
    }
}

/// What the health monitor looks for, for `:help health`.
enum HealthGuide {
    /// Shows the causes, or the one that is named; false when it is none of them.
    static func show(_ topic: String, in console: Console) -> Bool {
        let name = topic.lowercased()
        if name == "health" {
            console.say(
                "Every training run is watched, and says once by name what goes wrong and what to do; "
                    + "--health stop ends it there. What is looked for:")
            console.show(KeyValueList(HealthCause.allCases.map { ($0.rawValue, $0.sign) }))
            console.say("A cause's name explains it: :help entropy collapse", .dim)
            return true
        }
        guard let cause = HealthCause.allCases.first(where: { $0.rawValue.lowercased() == name })
        else { return false }
        console.say(cause.rawValue, .strong)
        console.show(KeyValueList([("said when", cause.sign), ("then", cause.advice)]))
        return true
    }
}
