import Autograd
import LanguageModels

/// What an adapter adds to a model, as sizes.
struct AdapterSizes: Sendable, Equatable {
    let rank: Int
    let hasDropout: Bool
    /// Inputs and outputs of the adapted maps, each with the layer it is in.
    let maps: [Map]
    /// Floats of the base and of what stands over it.
    let flatCount: Int
    /// Floats of what stands over the base.
    let ownCount: Int
    /// Floats that are trained with the lowest 0, 1, ... layers left as they are.
    private let trainableCounts: [Int]

    struct Map: Sendable, Equatable {
        let layer: Int
        let inputs, outputs: Int
    }

    /// The adapter of a model; nil where it has none.
    init?(_ model: LanguageModel) {
        guard let adapter = model.adapter else { return nil }
        rank = adapter.rank
        hasDropout = adapter.dropout > 0
        let layers = model.configuration.layerCount
        maps = model.adaptedMaps.map {
            Map(layer: $0.layer, inputs: $0.inputs, outputs: $0.outputs)
        }
        flatCount = model.parameters.flatCount
        ownCount = model.parameters.ownCount
        trainableCounts = (0...layers).map {
            model.parameters.flatCount - model.firstTrainable(frozenLayers: $0)
        }
    }

    func trainableCount(frozenLayers: Int) -> Int {
        trainableCounts[min(max(0, frozenLayers), trainableCounts.count - 1)]
    }
}

extension BufferDemand {
    /// What a training pass holds for adapters: the low-rank inputs of each, and what it adds to the
    /// widest map before that is done.
    mutating func hold(_ adapter: AdapterSizes, tokens: Int, frozenLayers: Int) {
        let maps = adapter.maps.filter { $0.layer >= frozenLayers }
        hold(maps.count, floats: tokens * adapter.rank)
        // What A sees, and by what each number was multiplied.
        if adapter.hasDropout {
            for map in maps { hold(2, floats: tokens * map.inputs) }
        }
        if let widest = maps.map(\.outputs).max() { hold(1, floats: tokens * widest) }
    }
}
