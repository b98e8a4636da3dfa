import Glibc

/// How the learning rate moves over a run: a warm-up from 0, then a form, as transformers' schedules.
public struct LearningRateSchedule: Sendable, Equatable {
    /// What follows the warm-up.
    public enum Form: String, Sendable, CaseIterable {
        case constant
        /// To 0 in a straight line.
        case linear
        /// To 0 along half a cosine (Loshchilov and Hutter 2017, arXiv:1608.03983).
        case cosine
    }

    public var form: Form
    public var peak: Float
    public var warmupSteps: Int
    public var totalSteps: Int

    public init(form: Form, peak: Float, warmupSteps: Int = 0, totalSteps: Int) {
        self.form = form
        self.peak = peak
        self.warmupSteps = warmupSteps
        self.totalSteps = totalSteps
    }

    /// The learning rate of a step, counted from 0; with a warm-up the first step has 0.
    public func learningRate(atStep step: Int) -> Float {
        if step < warmupSteps { return peak * Float(step) / Float(max(1, warmupSteps)) }
        let progress =
            Double(step - warmupSteps) / Double(max(1, totalSteps - warmupSteps))
        switch form {
        case .constant: return peak
        case .linear: return peak * Float(max(0, 1 - progress))
        case .cosine: return peak * Float(max(0, 0.5 * (1 + cos(Double.pi * progress))))
        }
    }
}
