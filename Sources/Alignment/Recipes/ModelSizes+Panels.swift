import Autograd
import LanguageModels

extension ModelSizes {
    /// The matrices as they are stored, how each enters products, and its layer; the token table, the
    /// last one, has none.
    private var products: [(shape: (rows: Int, columns: Int), use: PackedWeights.Use, layer: Int?)]
    {
        let c = configuration.width
        let f = configuration.innerWidth
        let table = (shape: (configuration.vocabularySize, c), use: PackedWeights.Use.table)
        return (0..<configuration.layerCount).flatMap { layer in
            [(c, 3 * c), (c, c), (c, f), (f, c)].map { ($0, .map, layer) }
        } + [(table.shape, table.use, nil)]
    }

    /// Bytes of the panels that training steps multiply with; see `LanguageModel.packedForTraining`.
    func trainingPanels(_ options: TrainingOptions, usesTokenHead: Bool) -> Int {
        guard
            LanguageModel.packsForTraining(flatCount: flatCount, precision: options.precision)
        else { return 0 }
        return products.filter { usesTokenHead || $0.use == .map }.reduce(0) { sum, product in
            let isTrainable = product.layer.map { $0 >= options.frozenLayers }
            return sum
                + PackedWeights.panelMemory(
                    shape: product.shape, use: product.use, precision: options.precision,
                    isTrainable: isTrainable ?? (options.frozenLayers == 0))
        }
    }

    /// Bytes of the panels that sampling reads.
    func samplingPanels(_ precision: Precision) -> Int {
        products.reduce(0) {
            $0
                + PackedWeights.panelMemory(
                    shape: $1.shape, use: $1.use, precision: precision, isTrainable: nil)
        }
    }
}
