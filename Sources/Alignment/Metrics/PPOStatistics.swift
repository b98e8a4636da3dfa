import Glibc

/// Masked means over the tokens of one minibatch.
struct MinibatchSums {
    var policyLoss = 0.0
    var valueLoss = 0.0
    var entropy = 0.0
    /// ½ (log π_new − log π_old)².
    var approximateKL = 0.0
    /// The share of tokens whose clipped term was the larger one, as TRL counts them.
    var clipFraction = 0.0
    /// The share of tokens whose clipped value loss was the larger one.
    var valueClipFraction = 0.0
    var ratio = 0.0

    var isFinite: Bool { policyLoss.isFinite && valueLoss.isFinite && entropy.isFinite }

    /// Adds a token that counts `weight`: its log-probabilities and its advantage.
    mutating func addToken(
        new: Float, old: Float, advantage: Float, clipRange: Float, upperClipRange: Float? = nil,
        weight: Double
    ) {
        let difference = Double(new) - Double(old)
        let tokenRatio = exp(difference)
        let clipped = min(
            max(tokenRatio, 1 - Double(clipRange)), 1 + Double(upperClipRange ?? clipRange))
        approximateKL += 0.5 * difference * difference * weight
        ratio += tokenRatio * weight
        if -Double(advantage) * clipped > -Double(advantage) * tokenRatio { clipFraction += weight }
    }

    /// Adds a value that counts `weight`: now, when it was sampled, and what it should have been.
    mutating func addValue(
        _ value: Float, old: Float, target: Float, clipRange: Float, weight: Double
    ) {
        let clipped = min(max(value, old - clipRange), old + clipRange)
        if abs(clipped - target) > abs(value - target) { valueClipFraction += weight }
    }

    mutating func add(_ other: MinibatchSums) {
        policyLoss += other.policyLoss
        valueLoss += other.valueLoss
        entropy += other.entropy
        approximateKL += other.approximateKL
        clipFraction += other.clipFraction
        valueClipFraction += other.valueClipFraction
        ratio += other.ratio
    }
}

/// What the optimizer steps of an update saw, averaged over minibatches as TRL averages them.
struct PPOStatistics {
    var minibatches: [MinibatchSums] = []
    var gradientNorms: [Double] = []

    mutating func add(_ sums: MinibatchSums) { minibatches.append(sums) }

    /// Of the first minibatch, before any optimizer step of the update.
    var firstRatio: Double { minibatches.first?.ratio ?? 1 }
    var firstApproximateKL: Double { minibatches.first?.approximateKL ?? 0 }

    var firstNonFinite: String? {
        for sums in minibatches {
            if !sums.policyLoss.isFinite { return "loss/policy_avg" }
            if !sums.valueLoss.isFinite { return "loss/value_avg" }
            if !sums.entropy.isFinite { return "policy/entropy_avg" }
        }
        return gradientNorms.allSatisfy(\.isFinite) ? nil : "grad_norm"
    }

    /// - Parameter hasValues: Whether there is a value function to report on.
    func append(to row: inout MetricRow, hasValues: Bool = true) {
        func mean(_ values: [Double]) -> Double {
            values.reduce(0, +) / Double(max(1, values.count))
        }
        let ratios = minibatches.map(\.ratio)
        let meanRatio = mean(ratios)
        row.append("loss/policy_avg", mean(minibatches.map(\.policyLoss)))
        if hasValues { row.append("loss/value_avg", mean(minibatches.map(\.valueLoss))) }
        row.append("policy/approxkl_avg", mean(minibatches.map(\.approximateKL)))
        row.append("policy/clipfrac_avg", mean(minibatches.map(\.clipFraction)))
        row.append("policy/entropy_avg", mean(minibatches.map(\.entropy)))
        if hasValues { row.append("val/clipfrac_avg", mean(minibatches.map(\.valueClipFraction))) }
        row.append("val/ratio", meanRatio)
        row.append("val/ratio_var", mean(ratios.map { ($0 - meanRatio) * ($0 - meanRatio) }))
        row.append("grad_norm", mean(gradientNorms))
    }
}
