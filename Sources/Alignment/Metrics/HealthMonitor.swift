/// Watches the figures of a run and names what goes wrong, with what to do about it.
///
/// Each cause is said once; it may be said again only after its evidence has been gone for a whole
/// window of steps. Metrics a run does not report are simply not judged, so one monitor serves
/// supervised, reward and PPO runs. The monitor depends on nothing but the rows it has seen: to go
/// on with a resumed run, show it the recorded rows again.
public struct HealthMonitor: Sendable {
    /// KL of a short answer, in nats, above which the policy counts as running away.
    public let klBudget: Double
    /// Causes that hold at present.
    public private(set) var active: [HealthCause] = []

    /// Updates a mean is taken over: short enough to see a collapse of 20 updates coming.
    private static let window = 5
    private var trends: [String: MetricTrend] = [:]
    /// Witnesses of true quality: the score at the time when each stood highest.
    private var scoreAtPeak: [String: Double] = [:]
    private var quietSteps: [HealthCause: Int] = [:]

    /// A monitor for one run.
    ///
    /// - Parameter klBudget: In nats a completion. Long answers are allowed 0.3 nats a token where
    ///   that is more.
    public init(klBudget: Double = 10) {
        self.klBudget = klBudget
    }

    /// Takes in the figures of a step.
    ///
    /// - Parameters:
    ///   - step: The number to report; steps come in order.
    ///   - metrics: Values by key; any subset of the run's metrics.
    /// - Returns: Warnings that are new at this step, in the order of `HealthCause`.
    public mutating func observe(step: Int, metrics: [String: Double]) -> [HealthWarning] {
        let broken = metrics.keys.sorted().filter { metrics[$0]?.isFinite == false }
        let known = HealthRules.watched.filter { metrics[$0]?.isFinite == true }
        for key in known {
            let window = key.hasPrefix("eval/") ? 2 : Self.window
            trends[key, default: MetricTrend(window: window)].append(metrics[key] ?? 0)
        }
        notePeaks(of: known)

        let rules = HealthRules(trends: trends, scoreAtPeak: scoreAtPeak, klBudget: klBudget)
        var warnings: [HealthWarning] = []
        for cause in HealthCause.allCases {
            let evidence =
                cause == .nonFinite
                ? broken.map { .init(metric: $0, value: metrics[$0] ?? .nan, reference: nil) }
                : rules.evidence(for: cause)
            let isNew = !active.contains(cause)
            if evidence.isEmpty {
                settle(cause)
                continue
            }
            quietSteps[cause] = 0
            if isNew {
                active.append(cause)
                warnings.append(HealthWarning(cause: cause, step: step, evidence: evidence))
            }
        }
        return warnings
    }

    /// Counts a step without evidence, and lets go of a cause after a window of them.
    private mutating func settle(_ cause: HealthCause) {
        guard active.contains(cause) else { return }
        let quiet = quietSteps[cause, default: 0] + 1
        quietSteps[cause] = quiet
        if quiet >= Self.window { active.removeAll { $0 == cause } }
    }

    /// Remembers the score at which each witness of true quality stood highest.
    private mutating func notePeaks(of keys: [String]) {
        guard let score = trends[HealthRules.score], score.isReady else { return }
        for key in HealthRules.witnesses where keys.contains(key) {
            guard let witness = trends[key], witness.isReady else { continue }
            if scoreAtPeak[key] == nil || witness.recent >= witness.highest {
                scoreAtPeak[key] = score.recent
            }
        }
    }
}
