import Glibc

/// Labels of units by annotators, as the models of aggregation see them: numbers only.
struct LabelMatrix {
    struct Label: Equatable {
        let annotator: Int
        let label: Int
    }

    /// The labels of each unit.
    let units: [[Label]]
    let annotatorCount: Int
    let labelCount: Int

    /// The probability of each label of each unit, as the share of its votes.
    var voteShares: [[Double]] {
        units.map { unit in
            var shares = [Double](repeating: 0, count: labelCount)
            for each in unit { shares[each.label] += 1 / Double(unit.count) }
            return shares
        }
    }

    /// How many labels each annotator gave.
    var labelsByAnnotator: [Int] {
        var counts = [Int](repeating: 0, count: annotatorCount)
        for each in units.joined() { counts[each.annotator] += 1 }
        return counts
    }
}

/// Probabilities from logarithms that need not be normalized.
func normalizedProbabilities(ofLogarithms values: [Double]) -> [Double] {
    let most = values.max() ?? 0
    let weights = values.map { exp($0 - most) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
}

/// 1 / (1 + exp(−x)).
func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// log(1 / (1 + exp(−x))), finite for all x.
func logLogistic(_ x: Double) -> Double { x < 0 ? x - log1p(exp(x)) : -log1p(exp(-x)) }
