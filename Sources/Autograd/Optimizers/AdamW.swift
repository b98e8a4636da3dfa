import Glibc

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101), PyTorch's form.
///
///     θ ← θ (1 − η λ)
///     m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
///     θ ← θ − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// Weight decay applies to every parameter, as `torch.optim.AdamW(model.parameters())` does.
public final class AdamW {
    /// Where ε stands.
    public enum Form: String, CaseIterable, Sendable {
        /// As above.
        case pytorch
        /// θ ← θ − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε), as TensorFlow has it and as the first RLHF
        /// used it: the same ε is larger in the first steps, and these are smaller (implementation
        /// detail 21 of Huang et al. 2023).
        case tensorflow
    }

    /// β₁, β₂, ε and λ.
    public struct Configuration: Sendable, Equatable {
        public var beta1: Double
        public var beta2: Double
        public var epsilon: Float
        public var weightDecay: Float
        public var form: Form

        public init(
            beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Float = 1e-8,
            weightDecay: Float = 0, form: Form = .pytorch
        ) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.weightDecay = weightDecay
            self.form = form
        }
    }

    /// Everything needed to go on with the same bits.
    public struct State {
        public var stepCount: Int
        public var firstMoments: [Float]
        public var secondMoments: [Float]

        public init(stepCount: Int, firstMoments: [Float], secondMoments: [Float]) {
            self.stepCount = stepCount
            self.firstMoments = firstMoments
            self.secondMoments = secondMoments
        }
    }

    /// Floats that one thread updates at a time.
    private static let chunk = 1 << 15

    let parameters: ParameterSet
    let configuration: Configuration
    let firstTrainable: Int
    /// Steps made; the parameters know it too, for dropout.
    private(set) var stepCount = 0 {
        didSet { parameters.stepCount = stepCount }
    }
    private let firstMoments: Tensor
    private let secondMoments: Tensor

    /// An optimizer of the parameters from flat offset `firstTrainable` upwards.
    public init(
        _ parameters: ParameterSet, configuration: Configuration = Configuration(),
        firstTrainable: Int = 0
    ) {
        precondition(
            firstTrainable >= parameters.firstOwn, "AdamW: the parameters of a base are not trained"
        )
        self.parameters = parameters
        self.configuration = configuration
        self.firstTrainable = firstTrainable
        firstMoments = Tensor(zeros: Shape(parameters.flatCount - firstTrainable))
        secondMoments = Tensor(zeros: Shape(parameters.flatCount - firstTrainable))
        parameters.stepCount = 0
    }

    /// The moments and the step count, to be stored and restored.
    public var state: State {
        get {
            State(
                stepCount: stepCount, firstMoments: firstMoments.array,
                secondMoments: secondMoments.array)
        }
        set {
            precondition(
                newValue.firstMoments.count == firstMoments.count
                    && newValue.secondMoments.count == secondMoments.count,
                "AdamW: the stored moments belong to another model")
            stepCount = newValue.stepCount
            for i in 0..<firstMoments.count {
                unsafe firstMoments.pointer[i] = newValue.firstMoments[i]
                unsafe secondMoments.pointer[i] = newValue.secondMoments[i]
            }
        }
    }

    /// Moves the parameters once.
    ///
    /// - Parameters:
    ///   - gradients: The sum over all shards.
    ///   - learningRate: η of this step.
    ///   - gradientScale: Multiplies the gradients, see ``clippingScale(norm:maximum:)``.
    public func step(
        gradients: GradientBuffer, learningRate: Float, gradientScale: Float = 1, plan: ParallelPlan
    ) {
        stepCount += 1
        let c = configuration
        let t = Double(stepCount)
        let inverseRootCorrection = Float(1 / (1 - pow(c.beta2, t)).squareRoot())
        let factors = AdamWFactors(
            decay: 1 - learningRate * c.weightDecay, beta1: Float(c.beta1),
            oneMinusBeta1: Float(1 - c.beta1), beta2: Float(c.beta2),
            oneMinusBeta2: Float(1 - c.beta2),
            stepSize: Float(Double(learningRate) / (1 - pow(c.beta1, t))),
            inverseRootCorrection: inverseRootCorrection,
            // m / (√v + ε) has ε beside the uncorrected root: corrected, it grows with it.
            epsilon: c.form == .pytorch ? c.epsilon : c.epsilon * inverseRootCorrection,
            gradientScale: gradientScale)
        let count = parameters.flatCount - firstTrainable
        plan.run(
            (count + Self.chunk - 1) / Self.chunk,
            Chunks(optimizer: self, gradients: gradients, count: count, factors: factors))
    }

    /// A step, cut for threads to share.
    private struct Chunks: SharedWork {
        let optimizer: AdamW
        let gradients: GradientBuffer
        let count: Int
        let factors: AdamWFactors

        func run(_ chunk: Int) {
            let start = chunk * AdamW.chunk
            let length = min(AdamW.chunk, count - start)
            let flat = optimizer.firstTrainable + start
            unsafe adamWStep(
                optimizer.parameters.pointer(at: flat), optimizer.firstMoments.pointer + start,
                optimizer.secondMoments.pointer + start, gradients.pointer(at: flat), length,
                factors)
        }
    }
}

/// The factor that brings gradients of this global norm down to `maximum` (Pascanu et al. 2013), as
/// `torch.nn.utils.clip_grad_norm_` computes it.
public func clippingScale(norm: Float, maximum: Float) -> Float {
    min(1, maximum / (norm + 1e-6))
}
