import Glibc

/// GLAD: annotators differ in ability, units in difficulty.
///
///     P(label = true label) = σ(α_w · exp(β_u)),   wrong labels equally likely
///
/// with normal priors N(1, 1) on α and β. J. Whitehill et al. 2009, in crowd-kit's parametrization.
/// Expectation maximization; an M step goes along conjugate gradients, to a maximum unless asked to stop
/// before. A negative α means that the annotator has labels the other way round.
struct AbilityDifficulty {
    let posterior: [[Double]]
    /// α of each annotator.
    let abilities: [Double]
    /// β of each unit; the larger, the easier.
    let easiness: [Double]
    let iterations: Int

    /// - Parameters:
    ///   - tolerance: The largest change of a posterior probability that ends the search.
    ///   - step: How far an M step goes.
    init(
        _ matrix: LabelMatrix, iterations limit: Int = 100, tolerance: Double = 1e-6,
        step: ConjugateGradient = ConjugateGradient(gradientTolerance: 1e-6, iterations: 1_000)
    ) {
        var fit = Fit(matrix)
        var count = 0
        while count < limit {
            count += 1
            let before = fit.posterior
            fit.expect()
            fit.maximize(by: step)
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
        var posterior: [[Double]]
        var alpha: [Double]
        var beta: [Double]

        init(_ matrix: LabelMatrix) {
            self.matrix = matrix
            posterior = matrix.voteShares
            alpha = [Double](repeating: 1, count: matrix.annotatorCount)
            beta = [Double](repeating: 1, count: matrix.units.count)
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

        /// Raises the expected logarithm of the likelihood of labels, true labels and parameters.
        mutating func maximize(by step: ConjugateGradient) {
            let workers = alpha.count
            let place = step.minimize(from: alpha + beta) { point in
                loss(Array(point[..<workers]), Array(point[workers...]))
            }
            alpha = Array(place.point[..<workers])
            beta = Array(place.point[workers...])
        }

        /// The negated expectation, without its constants, and its gradient.
        private func loss(_ alpha: [Double], _ beta: [Double]) -> (
            value: Double, gradient: [Double]
        ) {
            let others = log(Double(max(matrix.labelCount - 1, 1)))
            var slopes = (alpha: alpha.map { $0 - 1 }, beta: beta.map { $0 - 1 })
            var value = (slopes.alpha + slopes.beta).reduce(0) { $0 + $1 * $1 / 2 }
            for (u, unit) in matrix.units.enumerated() {
                let scale = exp(beta[u])
                for each in unit {
                    let strength = alpha[each.annotator] * scale
                    let right = posterior[u][each.label]
                    value -=
                        right * logLogistic(strength) + (1 - right)
                        * (logLogistic(-strength) - others)
                    let slope = (right - logistic(strength)) * scale
                    slopes.alpha[each.annotator] -= slope
                    slopes.beta[u] -= slope * alpha[each.annotator]
                }
            }
            return (value, slopes.alpha + slopes.beta)
        }
    }
}
