public import Autograd

/// What the lowest layers of a model gave for packed sequences: the input of the layers above.
public struct ResidualStream {
    /// `[tokens, width]`, not differentiated.
    public let values: Tensor
    /// Layers that have been run, the embeddings before them; at most those of the model.
    public let layers: Int

    public init(values: Tensor, layers: Int) {
        self.values = values
        self.layers = layers
    }
}

extension LanguageModel {
    /// The embeddings and the lowest `layers` layers of packed sequences, without a tape.
    ///
    /// While these layers are frozen, the result depends on the tokens alone, so that it can be used
    /// again in every step.
    ///
    /// - Parameter weights: Weights without a tape.
    public func trunk(
        of batch: PackedSequences, layers: Int, weights: Weights? = nil
    ) -> ResidualStream {
        let layers = min(layers, configuration.layerCount)
        return ResidualStream(
            values: architecture.trunk(
                batch, layers: layers, weights: weights ?? Weights(parameters)),
            layers: layers)
    }

    /// Whether both models give the same ``trunk(of:layers:)`` to everything: their sizes agree, and
    /// the embeddings and the lowest layers have equal values, adapters included.
    public func sharesTrunk(with other: LanguageModel, layers: Int) -> Bool {
        let own = configuration
        let its = other.configuration
        guard own.width == its.width, own.headCount == its.headCount,
            own.layerNormEpsilon == its.layerNormEpsilon,
            min(layers, own.layerCount) == min(layers, its.layerCount)
        else { return false }
        func isEqual(_ parameter: Parameter) -> Bool {
            guard let twin = other.parameters[parameter.name], twin.shape == parameter.shape else {
                return false
            }
            return parameters[parameter].array == other.parameters[twin].array
        }
        let adapters = adapterParameters(below: layers)
        guard adapters.count == other.adapterParameters(below: layers).count,
            adapters.isEmpty || adapter?.scale == other.adapter?.scale,
            adapters.allSatisfy(isEqual)
        else { return false }
        let frozen = parameters.base ?? parameters
        if frozen === (other.parameters.base ?? other.parameters) { return true }
        let end = architecture.trunkEnd(layers: layers)
        return frozen.parameters.prefix { $0.offset < end }.allSatisfy(isEqual)
    }
}
