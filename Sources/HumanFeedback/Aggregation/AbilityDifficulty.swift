import Glibc

/// GLAD: annotators differ in ability, units in difficulty.
///
///     P(label = true label) = σ(α_w · exp(β_u)),   wrong labels equally likely
///
/// with normal priors N(1, 1) on α and β. J. Whitehill et al. 2009, in crowd-kit's parametrization.
/// Expectation maximization; the M step is an exact maximum, found one parameter at a time by
/// Newton steps. A negative α means that the annotator has labels the other way round.
struct AbilityDifficulty {
    let posterior: [[Double]]
    /// α of each annotator.
    let abilities: [Double]
    /// β of each unit; the larger, the easier.
    let easiness: [Double]
    let iterations: Int

    /// - Parameter tolerance: The largest change of a posterior probability that ends the search.
    init(_ matrix: LabelMatrix, iterations limit: Int = 100, tolerance: Double = 1e-6) {
        var fit = Fit(matrix)
        var count = 0
        while count < limit {
            count += 1
            let before = fit.posterior
            fit.expect()
            fit.maximize()
            let change = zip(before, fit.posterior).reduce(0.0) { largest, pair in
                zip(pair.0, pair.1).reduce(largest) { max($0, abs($1.0 - $1.1)) }
            }
            if count > 1, change < tolerance { break }
        }
        posterior = fit.posterior
        abilities = fit.alpha
        easiness = fit.beta
        iterations = count
    }

    private struct Fit {
        let matrix: LabelMatrix
        /// The units of each annotator with the label given.
        let byAnnotator: [[(unit: Int, label: Int)]]
        var posterior: [[Double]]
        var alpha: [Double]
        var beta: [Double]

        init(_ matrix: LabelMatrix) {
            self.matrix = matrix
            posterior = matrix.voteShares
            alpha = [Double](repeating: 1, count: matrix.annotatorCount)
            beta = [Double](repeating: 1, count: matrix.units.count)
            var byAnnotator = [[(unit: Int, label: Int)]](
                repeating: [], count: matrix.annotatorCount)
            for (unit, labels) in matrix.units.enumerated() {
                for each in labels { byAnnotator[each.annotator].append((unit, each.label)) }
            }
            self.byAnnotator = byAnnotator
        }

        mutating func expect() {
            let others = log(Double(max(matrix.labelCount - 1, 1)))
            for (u, unit) in matrix.units.enumerated() {
                var scores = [Double](repeating: 0, count: matrix.labelCount)
                for each in unit {
                    let strength = alpha[each.annotator] * exp(beta[u])
                    for c in scores.indices {
                        scores[c] +=
                            c == each.label
                            ? logLogistic(strength) : logLogistic(-strength) - others
                    }
                }
                posterior[u] = normalizedProbabilities(ofLogarithms: scores)
            }
        }

        mutating func maximize() {
            for _ in 0..<1_000 {
                var largest = 0.0
                for w in alpha.indices { largest = max(largest, improveAlpha(w)) }
                for u in beta.indices { largest = max(largest, improveBeta(u)) }
                if largest < 1e-9 { return }
            }
        }

        /// One Newton step; the size of the step.
        private mutating func improveAlpha(_ w: Int) -> Double {
            var slope = 1 - alpha[w]
            var curvature = 1.0
            for (unit, label) in byAnnotator[w] {
                let scale = exp(beta[unit])
                let sigma = logistic(alpha[w] * scale)
                slope += (posterior[unit][label] - sigma) * scale
                curvature += sigma * (1 - sigma) * scale * scale
            }
            let step = min(max(slope / curvature, -1), 1)
            alpha[w] += step
            return abs(step)
        }

        private mutating func improveBeta(_ u: Int) -> Double {
            var slope = 1 - beta[u]
            var curvature = 1.0
            for each in matrix.units[u] {
                let strength = alpha[each.annotator] * exp(beta[u])
                let sigma = logistic(strength)
                slope += (posterior[u][each.label] - sigma) * strength
                curvature += sigma * (1 - sigma) * strength * strength
            }
            let step = min(max(slope / curvature, -1), 1)
            beta[u] += step
            return abs(step)
        }
    }
}
