/// The parameters of a model as forward passes see them: plain, or recorded on a tape.
public struct Weights {
    public let parameters: ParameterSet
    /// The precision of products with these weights.
    public let precision: Precision
    private let packed: PackedWeights?
    private let sharing: ParallelPlan?
    private let recording: Recording?

    /// Weights to compute with, no gradients.
    public init(_ parameters: ParameterSet, precision: Precision = .f32) {
        self.parameters = parameters
        self.precision = precision
        packed = nil
        sharing = nil
        recording = nil
    }

    /// Weights to compute with from panels that were made before, no gradients.
    ///
    /// - Parameter sharing: The threads that share each product; none for the calling one alone.
    public init(_ packed: PackedWeights, sharing: ParallelPlan? = nil) {
        parameters = packed.parameters
        precision = packed.precision
        self.packed = packed
        self.sharing = sharing
        recording = nil
    }

    /// Weights whose gradients are written to `gradients`, from flat offset `firstTrainable`
    /// upwards; parameters below it are frozen and cost nothing on the way back.
    ///
    /// - Parameters:
    ///   - packed: Panels of the same parameters for products in their precision.
    ///   - shard: The part of a batch that is computed with them, which has dropout of its own.
    public init(
        _ parameters: ParameterSet, tape: Tape, gradients: GradientBuffer, firstTrainable: Int = 0,
        packed: PackedWeights? = nil, shard: Int = 0
    ) {
        self.parameters = parameters
        precision = packed?.precision ?? .f32
        self.packed = packed
        sharing = nil
        recording = Recording(
            tape: tape, gradients: gradients, firstTrainable: firstTrainable, shard: shard)
    }

    /// The parameter's values.
    public subscript(parameter: Parameter) -> Tensor {
        var values = parameters[parameter]
        values.form = packed?.form(of: parameter)
        if values.form == nil && precision != .f32 {
            values.form = ProductForm(precision: precision)
        }
        if let sharing { values.form?.sharing = sharing }
        guard let recording, parameter.offset >= recording.firstTrainable else { return values }
        return recording.watched(parameter, values)
    }

    /// A linear map of the model, with the low-rank update of its matrix where it has one.
    ///
    ///     y = activation(x · (W + s A B) + b + residual)
    ///
    /// - Parameters:
    ///   - x: `[rows, inputs]`.
    ///   - weight: The matrix W, `[inputs, outputs]`.
    ///   - bias: `[outputs]`.
    ///   - residual: `[rows, outputs]`, added to the map before the activation.
    /// - Returns: `[rows, outputs]`.
    public func linear(
        _ x: Tensor, weight: Parameter, bias: Parameter, activation: Activation = .identity,
        residual: Tensor? = nil
    ) -> Tensor {
        Autograd.linear(
            x, weight: self[weight], bias: self[bias], activation: activation,
            residual: updated(residual, x, weight))
    }

    /// The residual with what a matrix's update adds to it.
    private func updated(_ residual: Tensor?, _ x: Tensor, _ weight: Parameter) -> Tensor? {
        guard packed?.includesUpdates != true, let place = parameters.updatePlace(of: weight) else {
            return residual
        }
        let update = parameters.updates[place]
        var x = x
        if update.dropout > 0, let recording {
            x = dropout(
                x, probability: update.dropout,
                random: RandomStream(
                    seed: parameters.dropoutSeed, purpose: .dropout, step: parameters.stepCount,
                    sample: recording.shard, position: place))
        }
        return lowRankProduct(
            x, down: self[update.down], up: self[update.up], scale: update.scale,
            residual: residual)
    }

    /// Sets the gradients of all parameters to 0 that the backward pass did not reach.
    func clearUntouchedGradients() { recording?.clearUntouched(parameters) }

    /// Begins anew after the tape was reset.
    func forgetWatched() { recording?.forgetWatched() }

    /// The parameters seen by one tape, each watched once.
    private final class Recording {
        let tape: Tape
        let gradients: GradientBuffer
        let firstTrainable: Int
        let shard: Int
        private var watchedByOffset: [Int: Tensor] = [:]

        init(tape: Tape, gradients: GradientBuffer, firstTrainable: Int, shard: Int) {
            self.tape = tape
            self.gradients = gradients
            self.firstTrainable = max(firstTrainable, gradients.first)
            self.shard = shard
        }

        func watched(_ parameter: Parameter, _ values: Tensor) -> Tensor {
            if let known = watchedByOffset[parameter.offset] { return known }
            let tensor = tape.watch(values, writingGradientTo: gradients[parameter])
            watchedByOffset[parameter.offset] = tensor
            return tensor
        }

        func forgetWatched() { watchedByOffset.removeAll(keepingCapacity: true) }

        func clearUntouched(_ set: ParameterSet) {
            for parameter in set.parameters where parameter.offset >= firstTrainable {
                if let node = watchedByOffset[parameter.offset]?.node, !tape.isUntouched(node) {
                    continue
                }
                gradients.clear(parameter)
            }
        }
    }
}
