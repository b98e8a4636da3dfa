import Glibc

/// A step along a descending line that is neither too short nor too long: the strong Wolfe conditions
///
///     φ(s) ≤ φ(0) + 1e-4 s φ'(0)   and   |φ'(s)| ≤ 0.4 |φ'(0)|
///
/// by J. J. Moré and D. J. Thuente 1994: a bracket is narrowed by steps of cubics and secants, as MINPACK-2's
/// `dcsrch` and `dcstep` do.
struct StepSearch {
    struct Trial {
        var step: Double
        var value: Double
        var slope: Double

        /// The same place of φ(s) − slope · s.
        func tilted(by slope: Double) -> Trial {
            Trial(step: step, value: value - step * slope, slope: self.slope - slope)
        }
    }

    private let start: Trial
    /// The lowest place so far, and the other end of the bracket.
    private var best: Trial
    private var other: Trial
    private var isBracketed = false
    private var bounds = (lower: 0.0, upper: 0.0)
    private var widths = (last: 1e100, before: 2e100)

    private static let limits = 1e-100...1e100

    init(from start: Trial) {
        self.start = start
        best = start
        other = start
    }

    /// - Parameters:
    ///   - first: The first step to try, positive.
    ///   - look: The function at a step.
    /// - Returns: The last trial where it satisfies both conditions, else nil.
    mutating func find(from first: Double, _ look: (Double) -> Trial) -> Trial? {
        guard start.slope < 0, Self.limits.contains(first) else { return nil }
        let needed = 1e-4 * start.slope
        var isFirstStage = true
        var step = first
        bounds = (0, 5 * first)
        for _ in 0..<100 {
            let trial = look(step)
            let target = start.value + step * needed
            if trial.value <= target, abs(trial.slope) <= -0.4 * start.slope { return trial }
            if trial.value <= target, trial.slope >= 0 { isFirstStage = false }
            let isStuck =
                isBracketed
                && (step <= bounds.lower || step >= bounds.upper || isNarrow)
            if isStuck || !step.isFinite || step == Self.limits.upperBound { return nil }
            // As long as the decrease is not enough, the search is for a lower place of
            // φ(s) − needed · s, which exists.
            let isTilted = isFirstStage && trial.value <= best.value && trial.value > target
            let tilt = isTilted ? needed : 0
            best = best.tilted(by: tilt)
            other = other.tilted(by: tilt)
            step = narrow(trial.tilted(by: tilt))
            best = best.tilted(by: -tilt)
            other = other.tilted(by: -tilt)
            settle(&step)
        }
        return nil
    }

    private var isNarrow: Bool { bounds.upper - bounds.lower <= 1e-14 * bounds.upper }

    /// Halves a bracket that shrinks too slowly, and keeps the step within bounds.
    private mutating func settle(_ step: inout Double) {
        if isBracketed {
            let width = abs(other.step - best.step)
            if width >= 0.66 * widths.before { step = best.step + (other.step - best.step) / 2 }
            widths = (width, widths.last)
            bounds = (min(best.step, other.step), max(best.step, other.step))
        } else {
            bounds = (step + 1.1 * (step - best.step), step + 4 * (step - best.step))
        }
        step = min(max(step, Self.limits.lowerBound), Self.limits.upperBound)
        if isBracketed, step <= bounds.lower || step >= bounds.upper || isNarrow {
            step = best.step
        }
    }

    /// Takes a trial into the bracket; the next step to try.
    private mutating func narrow(_ trial: Trial) -> Double {
        let opposite = trial.slope * best.slope.sign(1) < 0
        let next: Double
        if trial.value > best.value {
            // Higher: the minimum lies between.
            let cubic = best.step + share(from: best, to: trial).value * (trial.step - best.step)
            let chord = (best.value - trial.value) / (trial.step - best.step) + best.slope
            let quadratic = best.step + best.slope / chord / 2 * (trial.step - best.step)
            next =
                abs(cubic - best.step) <= abs(quadratic - best.step)
                ? cubic : cubic + (quadratic - cubic) / 2
            isBracketed = true
        } else if opposite {
            // Lower, and beyond the minimum.
            let cubic = trial.step + share(from: trial, to: best).value * (best.step - trial.step)
            let secant = secantStep(trial)
            next = abs(cubic - trial.step) > abs(secant - trial.step) ? cubic : secant
            isBracketed = true
        } else if abs(trial.slope) < abs(best.slope) {
            next = flatterStep(trial)
        } else if isBracketed {
            next = trial.step + share(from: trial, to: other).value * (other.step - trial.step)
        } else {
            next = trial.step > best.step ? bounds.upper : bounds.lower
        }
        if trial.value > best.value {
            other = trial
        } else {
            if opposite { other = best }
            best = trial
        }
        return next
    }

    /// Lower, not yet at the minimum, and flatter: the cubic may have its minimum beyond.
    private func flatterStep(_ trial: Trial) -> Double {
        let (value, bend) = share(from: trial, to: best)
        let cubic =
            value < 0 && bend != 0
            ? trial.step + value * (best.step - trial.step)
            : trial.step > best.step ? bounds.upper : bounds.lower
        let secant = secantStep(trial)
        let isCubicCloser = abs(cubic - trial.step) < abs(secant - trial.step)
        guard isBracketed else {
            return min(max(isCubicCloser ? secant : cubic, bounds.lower), bounds.upper)
        }
        let limit = trial.step + 0.66 * (other.step - trial.step)
        let step = isCubicCloser ? cubic : secant
        return trial.step > best.step ? min(limit, step) : max(limit, step)
    }

    private func secantStep(_ trial: Trial) -> Double {
        trial.step + trial.slope / (trial.slope - best.slope) * (best.step - trial.step)
    }

    /// Where the cubic through two places has its minimum, as a share of the way, and its bend.
    private func share(from a: Trial, to b: Trial) -> (value: Double, bend: Double) {
        let theta = 3 * (a.value - b.value) / (b.step - a.step) + a.slope + b.slope
        let scale = max(abs(theta), abs(a.slope), abs(b.slope))
        let square = (theta / scale) * (theta / scale) - a.slope / scale * (b.slope / scale)
        var bend = scale * max(0, square).squareRoot()
        if b.step < a.step { bend = -bend }
        let value = (bend - a.slope + theta) / (bend - a.slope + bend + b.slope)
        return (value, bend)
    }
}

extension Double {
    /// A magnitude with this sign.
    fileprivate func sign(_ magnitude: Double) -> Double {
        self == 0 ? 0 : Double(signOf: self, magnitudeOf: magnitude)
    }
}
