import Alignment
import TerminalUI

/// A named problem of a run as a line: what, the figures that show it, what to do.
enum HealthView {
    static func line(_ warning: HealthWarning) -> StyledLine {
        let evidence = warning.evidence.map { item -> String in
            let value = formatted(item.value, significantDigits: 3)
            let name = item.metric.split(separator: "/").last.map(String.init) ?? item.metric
            guard let reference = item.reference else { return "\(name) \(value)" }
            return "\(name) \(value) against \(formatted(reference, significantDigits: 3))"
        }
        return StyledLine("\(warning.cause.rawValue)", .warning)
            + StyledLine(
                " at step \(warning.step) (\(evidence.joined(separator: "; "))): \(warning.advice)")
    }
}
