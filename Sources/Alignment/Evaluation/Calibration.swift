import Glibc

/// Whether a reward model is as sure of its verdicts as it is right.
///
/// For a pair, p = 1 / (1 + exp(−|margin|)) is how sure the model is, and it is right when the
/// chosen answer scores higher. Chuan Guo et al. 2017 (arXiv:1706.04599).
public struct Calibration: Equatable, Sendable {
    /// Pairs the model is about equally sure of.
    public struct Bin: Equatable, Sendable {
        /// How many pairs.
        public let count: Int
        /// Mean of p.
        public let confidence: Double
        /// Share of the pairs it is right about, ties as half.
        public let accuracy: Double
    }

    /// The bins that hold pairs, the least sure first; they cut [0.5, 1] evenly.
    public let bins: [Bin]
    /// Σ over bins of count / n · |accuracy − confidence|: ECE, 0 is perfect; NaN without pairs.
    public let expectedError: Double

    /// Measures the margins of pairs; those that are not numbers are left out.
    ///
    /// - Parameters:
    ///   - margins: reward(chosen) − reward(rejected), one a pair.
    ///   - binCount: How many parts [0.5, 1] is cut into.
    public init(margins: [Float], binCount: Int = 10) {
        precondition(binCount > 0, "calibration: \(binCount) bins")
        var sums = [(count: Int, confidence: Double, right: Double)](
            repeating: (0, 0, 0), count: binCount)
        for margin in margins where !margin.isNaN {
            let confidence = 1 / (1 + exp(-abs(Double(margin))))
            let bin = min(Int((confidence - 0.5) * 2 * Double(binCount)), binCount - 1)
            sums[bin].count += 1
            sums[bin].confidence += confidence
            sums[bin].right += margin > 0 ? 1 : margin == 0 ? 0.5 : 0
        }
        bins = sums.filter { $0.count > 0 }.map { sum in
            let count = Double(sum.count)
            return Bin(
                count: sum.count, confidence: sum.confidence / count, accuracy: sum.right / count)
        }
        let total = Double(bins.reduce(0) { $0 + $1.count })
        let error = bins.reduce(0) { $0 + Double($1.count) * abs($1.accuracy - $1.confidence) }
        expectedError = error / total
    }
}
