import Glibc

/// A logistic regression of wins on one feature: logit P(win) = θ + φ · x.
///
/// Outcomes may be fractional (a tie is ½), as in a binomial generalized linear model. Maximized is
///
///     Σ wᵢ (yᵢ log pᵢ + (1 − yᵢ) log(1 − pᵢ)) − ½ · ridge · (θ² + φ²)
///
/// by Newton's method with halved steps; the function is concave, so the maximum is the only one.
/// Without a ridge there is none where the outcomes can be told apart without error (all are wins,
/// say); a small one gives an answer there and hardly moves any other.
struct LengthEffectFit: Equatable {
    /// θ.
    private(set) var intercept = 0.0
    /// φ.
    private(set) var slope = 0.0

    /// - Parameters:
    ///   - outcomes: y, between 0 and 1.
    ///   - feature: x, one an outcome.
    ///   - weights: w, how often each row counts.
    init(outcomes: [Double], feature: [Double], weights: [Double], ridge: Double) {
        var height = Self.height(of: self, outcomes, feature, weights, ridge)
        for _ in 0..<100 {
            // The gradient and the negative Hessian, a 2 × 2 matrix.
            var (g0, g1) = (-ridge * intercept, -ridge * slope)
            var (h00, h01, h11) = (ridge, 0.0, ridge)
            for i in outcomes.indices where weights[i] > 0 {
                let p = logistic(intercept + slope * feature[i])
                let residual = weights[i] * (outcomes[i] - p)
                let curvature = weights[i] * p * (1 - p)
                g0 += residual
                g1 += residual * feature[i]
                h00 += curvature
                h01 += curvature * feature[i]
                h11 += curvature * feature[i] * feature[i]
            }
            let determinant = h00 * h11 - h01 * h01
            // A feature that never varies says nothing about φ.
            let isSingular = determinant <= 1e-12 * h00 * h11
            if h00 <= 0 { return }
            let step0 = isSingular ? g0 / h00 : (h11 * g0 - h01 * g1) / determinant
            let step1 = isSingular ? 0 : (h00 * g1 - h01 * g0) / determinant
            var scale = 1.0
            var next = self
            var nextHeight = -Double.infinity
            repeat {
                next.intercept = intercept + scale * step0
                next.slope = slope + scale * step1
                nextHeight = Self.height(of: next, outcomes, feature, weights, ridge)
                scale /= 2
            } while !(nextHeight >= height) && scale > 1e-10
            guard nextHeight >= height else { return }
            self = next
            let gain = nextHeight - height
            height = nextHeight
            if gain <= 1e-13 * (1 + abs(height)) { return }
        }
    }

    private static func height(
        of fit: LengthEffectFit, _ outcomes: [Double], _ feature: [Double], _ weights: [Double],
        _ ridge: Double
    ) -> Double {
        var sum = -ridge / 2 * (fit.intercept * fit.intercept + fit.slope * fit.slope)
        for i in outcomes.indices where weights[i] > 0 {
            let z = fit.intercept + fit.slope * feature[i]
            // y log p + (1 − y) log(1 − p) = y z − log(1 + eᶻ), without overflow.
            sum += weights[i] * (outcomes[i] * z - max(z, 0) - log1p(exp(-abs(z))))
        }
        return sum
    }
}

/// 1 / (1 + e⁻ᶻ).
func logistic(_ z: Double) -> Double {
    z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z))
}
