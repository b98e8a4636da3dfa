import Autograd
import LanguageModels

/// A model with its optimizer: the part of a recipe that is stored in checkpoints.
final class ModelOptimizer {
    let model: LanguageModel
    let name: String
    let firstTrainable: Int
    /// The model's weights as its training steps multiply with them.
    let panels: PackedWeights?
    private let optimizer: AdamW
    private let plan: ParallelPlan
    private let frozenLayers: Int
    /// What must be the same in a run that goes on from a checkpoint of this one.
    private lazy var form = model.form(frozenLayers: frozenLayers)
    private var remembered: [Float] = []

    /// - Parameter usesTokenHead: Whether the training computes logits.
    init(
        _ model: LanguageModel, name: String, options: TrainingOptions, usesTokenHead: Bool
    ) {
        self.model = model
        self.name = name
        plan = options.plan
        frozenLayers = options.frozenLayers
        model.parameters.dropoutSeed = options.seed
        firstTrainable = model.firstTrainable(frozenLayers: options.frozenLayers)
        panels = model.packedForTraining(
            precision: options.precision, frozenLayers: options.frozenLayers,
            usesTokenHead: usesTokenHead)
        optimizer = AdamW(
            model.parameters, configuration: options.adam, firstTrainable: firstTrainable)
    }

    /// Clips by the global norm and moves the parameters. Returns the norm before clipping; when it
    /// is not finite nothing is moved.
    func step(
        _ gradients: ShardedGradients, index: Int = 0, learningRate: Float, maximumNorm: Float?
    ) -> Float {
        let norm = gradients.globalNorm(of: index)
        guard norm.isFinite else { return norm }
        let scale = maximumNorm.map { clippingScale(norm: norm, maximum: $0) } ?? 1
        optimizer.step(
            gradients: gradients.total(index), learningRate: learningRate, gradientScale: scale,
            plan: plan)
        return norm
    }

    /// Keeps a copy of the parameters for ``goBack()``.
    func remember() { remembered = model.parameters.flatValues }

    /// Puts the remembered parameters back, for a run that ends with them: the moments stay.
    func goBack() { model.parameters.flatValues = remembered }

    func add(to checkpoint: inout TrainingCheckpoint) {
        let state = optimizer.state
        checkpoint.tensors.append(
            .init(name: "\(name).parameters", values: model.parameters.flatValues))
        checkpoint.tensors.append(.init(name: "\(name).exp_avg", values: state.firstMoments))
        checkpoint.tensors.append(.init(name: "\(name).exp_avg_sq", values: state.secondMoments))
        checkpoint.numbers.append(
            .init(name: "\(name).optimizer_steps", value: Double(state.stepCount)))
        checkpoint.texts.append(.init(name: name, value: form.text))
    }

    /// Takes parameters and moments from a checkpoint; nil leaves them as they are.
    ///
    /// - Throws: `CheckpointMismatch` when it was made with another model; nothing is changed then.
    func restore(_ checkpoint: TrainingCheckpoint?) throws(CheckpointMismatch) {
        guard let checkpoint else { return }
        guard let values = checkpoint[tensor: "\(name).parameters"],
            let first = checkpoint[tensor: "\(name).exp_avg"],
            let second = checkpoint[tensor: "\(name).exp_avg_sq"],
            let steps = checkpoint[number: "\(name).optimizer_steps"]
        else {
            throw CheckpointMismatch(part: name, expected: form.text, found: "none")
        }
        if let found = checkpoint[text: name], found != form.text {
            throw CheckpointMismatch(part: name, expected: form, found: ModelForm(text: found))
        }
        // Checkpoints of older programs say nothing but how large they are.
        let own = [model.parameters.ownCount, model.parameters.flatCount - firstTrainable]
        let its = [values.count, first.count]
        guard own == its, second.count == first.count else {
            throw CheckpointMismatch(
                part: name, expected: "\(own[0]) parameters, \(own[1]) of them trained",
                found: "\(its[0]) parameters, \(its[1]) of them trained")
        }
        model.parameters.flatValues = values
        optimizer.state = AdamW.State(
            stepCount: Int(steps), firstMoments: first, secondMoments: second)
    }
}
