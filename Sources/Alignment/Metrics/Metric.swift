/// One figure a training run reports, and everything a reader needs to judge it.
///
/// Keys keep TRL's strings, so that curves compare. Adding a metric is one entry in one of the
/// lists `Metric+Training`, `Metric+Preferences`, `Metric+PolicyOptimization`, `Metric+Evaluation`,
/// `Metric+Assessment`: help, tables and plots follow.
public struct Metric: Equatable, Sendable {
    /// What a value counts in.
    public enum Unit: String, Sendable {
        /// A plain number.
        case none = ""
        /// Natural-logarithm units.
        case nats = "nats"
        /// The same, averaged over tokens.
        case natsPerToken = "nats a token"
        /// The scorer's own scale.
        case score = "score"
        /// A part of a whole, 0 to 1.
        case share = "share"
        /// Tokens.
        case tokens = "tokens"
        /// Tokens a second.
        case tokensPerSecond = "tokens/s"
        /// Seconds.
        case seconds = "s"
        /// Whole things counted.
        case count = "count"
    }

    /// The name in metric files, plots and tables.
    public let key: String
    /// What it is, in one line.
    public let meaning: String
    /// How it is computed, in one line.
    public let formula: String
    /// What its values count in.
    public let unit: Unit
    /// What a good run looks like, in one line.
    public let healthy: String
    /// The part of `healthy` that holds in every run; infinite where a side has no bound.
    public let healthyRange: ClosedRange<Double>
    /// The usual reason for leaving the healthy range.
    public let usualCause: String
    /// What to try then.
    public let advice: String
    /// Short names it is also found by, such as "kl" or "reward".
    public let aliases: [String]

    init(
        _ key: String, _ meaning: String, formula: String, unit: Unit, healthy: String,
        from lowest: Double = -.infinity, to highest: Double = .infinity, usualCause: String,
        advice: String, aliases: [String] = []
    ) {
        self.key = key
        self.meaning = meaning
        self.formula = formula
        self.unit = unit
        self.healthy = healthy
        self.healthyRange = lowest...highest
        self.usualCause = usualCause
        self.advice = advice
        self.aliases = aliases
    }

    /// Every metric, in the order of help and tables.
    public static let catalogue: [Metric] =
        training + policyOptimization + preferences + evaluation + assessment + rewardParts

    /// The metric with exactly this key.
    public static func named(_ key: String) -> Metric? {
        catalogue.first { $0.key == key }
    }

    /// Whether a value is finite and inside `healthyRange`.
    public func isHealthy(_ value: Double) -> Bool {
        value.isFinite && healthyRange.contains(value)
    }
}
