import Glibc

/// Dawid and Skene's model: every unit has a true label, every annotator their own confusion of it.
///
///     P(label k | true c, annotator w) = π^w_kc,   P(true c) = p_c
///     E: T_uc ∝ p_c Π_(w, k in u) π^w_kc
///     M: π^w_kc ∝ a + Σ_u T_uc [w said k in u],   p_c = mean_u T_uc
///
/// A. P. Dawid, A. M. Skene 1979, fitted by expectation maximization from the shares of the votes.
/// The one-coin form has one number an annotator, the probability s_w of the right label, with the
/// wrong ones equally likely (Zhang, Chen, Zhou, Jordan 2016); it needs far fewer votes.
struct DawidSkene {
    enum Form {
        /// `smoothing` is a above, counts added to every cell.
        case confusion(smoothing: Double)
        case oneCoin
    }

    /// `posterior[u][c]`.
    let posterior: [[Double]]
    /// `errors[w][k][c]`.
    let errors: [[[Double]]]
    let priors: [Double]
    /// The probability that an annotator gives the true label of a unit drawn from the priors.
    let skills: [Double]
    let iterations: Int

    /// Probabilities are kept above this, so that logarithms are finite.
    private static let least = 1e-10

    /// - Parameters:
    ///   - known: True labels that are known; nil elsewhere.
    ///   - tolerance: The least gain of the evidence a label that asks for another iteration.
    init(
        _ matrix: LabelMatrix, form: Form, known: [Int?] = [], iterations limit: Int = 100,
        tolerance: Double = 1e-5
    ) {
        var fit = Fit(matrix: matrix, form: form, known: known)
        fit.maximize()
        var evidence = -Double.infinity
        var count = 0
        while count < limit {
            count += 1
            fit.expect()
            fit.maximize()
            let gained = fit.evidence()
            if gained - evidence < tolerance { break }
            evidence = gained
        }
        posterior = fit.posterior
        errors = fit.errors
        priors = fit.priors
        iterations = count
        switch form {
        case .oneCoin: skills = fit.skills
        case .confusion:
            skills = fit.errors.map { own in
                (0..<matrix.labelCount).reduce(0) { $0 + fit.priors[$1] * own[$1][$1] }
            }
        }
    }

    private struct Fit {
        let matrix: LabelMatrix
        let form: Form
        let known: [Int?]
        var posterior: [[Double]]
        var errors: [[[Double]]] = []
        var priors: [Double] = []
        var skills: [Double] = []

        init(matrix: LabelMatrix, form: Form, known: [Int?]) {
            self.matrix = matrix
            self.form = form
            self.known = known
            posterior = matrix.voteShares
            clamp()
        }

        private mutating func clamp() {
            for (unit, label) in known.enumerated() {
                guard let label else { continue }
                for each in posterior[unit].indices {
                    posterior[unit][each] = each == label ? 1 : 0
                }
            }
        }

        mutating func expect() {
            let logPriors = priors.map { log(max($0, DawidSkene.least)) }
            let logErrors = errors.map { $0.map { $0.map { log($0) } } }
            posterior = matrix.units.map { unit in
                var scores = logPriors
                for each in unit {
                    for c in scores.indices {
                        scores[c] += logErrors[each.annotator][each.label][c]
                    }
                }
                return normalizedProbabilities(ofLogarithms: scores)
            }
            clamp()
        }

        mutating func maximize() {
            let labels = matrix.labelCount
            priors = (0..<labels).map { c in
                posterior.reduce(0) { $0 + $1[c] } / Double(posterior.count)
            }
            var counts = [[[Double]]](
                repeating: [[Double]](
                    repeating: [Double](repeating: 0, count: labels), count: labels),
                count: matrix.annotatorCount)
            for (unit, probabilities) in zip(matrix.units, posterior) {
                for each in unit {
                    for c in 0..<labels {
                        counts[each.annotator][each.label][c] += probabilities[c]
                    }
                }
            }
            switch form {
            case .confusion(let smoothing):
                errors = counts.map { Self.normalized($0, smoothing: smoothing) }
            case .oneCoin:
                let totals = matrix.labelsByAnnotator
                skills = counts.indices.map { w in
                    (0..<labels).reduce(0) { $0 + counts[w][$1][$1] } / Double(max(totals[w], 1))
                }
                errors = skills.map { skill in
                    let wrong = (1 - skill) / Double(max(labels - 1, 1))
                    return (0..<labels).map { k in
                        (0..<labels).map { c in
                            min(max(k == c ? skill : wrong, DawidSkene.least), 1 - DawidSkene.least)
                        }
                    }
                }
            }
        }

        /// Each column made to sum to one.
        private static func normalized(_ counts: [[Double]], smoothing: Double) -> [[Double]] {
            var cells = counts.map { $0.map { max($0 + smoothing, DawidSkene.least) } }
            for c in cells.indices {
                let sum = cells.reduce(0) { $0 + $1[c] }
                for k in cells.indices { cells[k][c] /= sum }
            }
            return cells
        }

        /// The lower bound of the evidence a label, as crowd-kit 1.4 computes it, with the prior
        /// counted for every label of a unit: it decides only when to stop.
        func evidence() -> Double {
            let logPriors = priors.map { log(max($0, DawidSkene.least)) }
            var sum = 0.0
            var labels = 0
            for (unit, probabilities) in zip(matrix.units, posterior) {
                labels += unit.count
                for each in unit {
                    for (c, p) in probabilities.enumerated() {
                        sum += p * (log(errors[each.annotator][each.label][c]) + logPriors[c])
                    }
                }
                for p in probabilities {
                    let clipped = max(p, DawidSkene.least)
                    sum -= clipped * log(clipped)
                }
            }
            return sum / Double(max(labels, 1))
        }
    }
}
