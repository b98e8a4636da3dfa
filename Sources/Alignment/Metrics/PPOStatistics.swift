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
    /// β log π / π_ref of the better and the other answers of pairs, and the share of pairs in which the
    /// better one has more of it; online DPO only.
    var chosenReward = 0.0
    var rejectedReward = 0.0
    var pairAccuracy = 0.0

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

    /// Adds answers that were compared two by two; a pair counts `weight`.
    mutating func addPairs(ratios: [Float], preferences: [Float], beta: Float, weight: Double) {
        for first in stride(from: 0, to: ratios.count, by: 2) {
            let better = preferences[first] >= preferences[first + 1] ? first : first + 1
            let other = better == first ? first + 1 : first
            chosenReward += Double(beta) * Double(ratios[better]) * weight
            rejectedReward += Double(beta) * Double(ratios[other]) * weight
            let lead = ratios[better] - ratios[other]
            pairAccuracy += lead > 0 ? weight : (lead == 0 ? 0.5 * weight : 0)
        }
    }

    mutating func add(_ other: MinibatchSums) {
        chosenReward += other.chosenReward
        rejectedReward += other.rejectedReward
        pairAccuracy += other.pairAccuracy
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

    /// - Parameters:
    ///   - hasValues: Whether there is a value function to report on.
    ///   - hasPairs: Whether answers were compared two by two.
    func append(to row: inout MetricRow, hasValues: Bool = true, hasPairs: Bool = false) {
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
        if hasPairs {
            let chosen = mean(minibatches.map(\.chosenReward))
            let rejected = mean(minibatches.map(\.rejectedReward))
            row.append("rewards/accuracies", mean(minibatches.map(\.pairAccuracy)))
            row.append("rewards/chosen", chosen)
            row.append("rewards/rejected", rejected)
            row.append("rewards/margins", chosen - rejected)
        }
        row.append("grad_norm", mean(gradientNorms))
    }
}
