import Autograd
import LanguageModels

/// Models that are made for measuring, with random weights.
enum BenchSizes: String {
    /// 4 layers of width 128 and 2,048 tokens: about a million parameters.
    case tiny
    /// The smallest GPT-2.
    case gpt2

    var configuration: ModelConfiguration {
        switch self {
        case .tiny:
            ModelConfiguration(
                vocabularySize: 2048, contextLength: 128, width: 128, layerCount: 4, headCount: 4)
        case .gpt2:
            ModelConfiguration(
                vocabularySize: 50_257, contextLength: 1024, width: 768, layerCount: 12,
                headCount: 12)
        }
    }

    /// The model of the first tutorial.
    static let tutorial = ModelConfiguration(
        vocabularySize: 1024, contextLength: 128, width: 128, layerCount: 4, headCount: 4)
}

/// The model that is measured, and the batches that suit it.
struct BenchSubject {
    let name: String
    let configuration: ModelConfiguration
    /// Weights of a model folder; nil for random ones.
    private let weights: LanguageModel?

    init(_ sizes: BenchSizes) {
        name = sizes.rawValue
        configuration = sizes.configuration
        weights = nil
    }

    init(name: String, weights: LanguageModel) {
        self.name = name
        configuration = weights.configuration
        self.weights = weights
    }

    /// The tutorial's model.
    static var tutorial: BenchSubject {
        BenchSubject(name: "tutorial", configuration: BenchSizes.tutorial)
    }

    init(name: String, configuration: ModelConfiguration) {
        self.name = name
        self.configuration = configuration
        weights = nil
    }

    /// A model with these heads, to be changed at will.
    func model(heads: [ScalarHead], seed: UInt64) -> LanguageModel {
        let model: LanguageModel
        if let weights {
            model = LanguageModel(copying: weights, heads: heads)
        } else {
            model = LanguageModel(configuration, heads: heads)
            model.initialize(seed: seed)
        }
        if heads.contains(.score) { model.initializeScoreHead(seed: seed) }
        return model
    }

    /// P, without heads.
    var parameterCount: Int {
        configuration.parameterShapes.filter { $0.name != "score.weight" }
            .reduce(0) { $0 + $1.shape.reduce(1, *) }
    }

    /// Parameters of the blocks alone: what a reward model multiplies with.
    var blockParameterCount: Int {
        parameterCount
            - (configuration.vocabularySize + configuration.contextLength) * configuration.width
    }

    var isLarge: Bool { parameterCount > 50_000_000 }

    /// Rows and tokens a row of a training step.
    var trainingBatch: (rows: Int, length: Int) {
        isLarge
            ? (4, min(256, configuration.contextLength))
            : (16, min(64, configuration.contextLength))
    }

    /// What is measured where nothing is said: minutes would pass with all of it on a large model.
    var usualJobs: [BenchJobName] {
        isLarge ? [.trainingStep, .generate1, .generate16] : BenchJobName.allCases
    }

    /// The products of a training step over `rows` tokens.
    ///
    /// - Parameter hasTokenHead: The products with the token table too.
    func products(rows: Int, hasTokenHead: Bool) -> [MachineRates.Product] {
        let width = configuration.width
        let inner = configuration.innerWidth
        let maps = [(width, 3 * width), (width, width), (width, inner), (inner, width)]
        let layer = maps.flatMap {
            MachineRates.Product.training(rows: rows, inputs: $0.0, outputs: $0.1)
        }
        let blocks = (0..<configuration.layerCount).flatMap { _ in layer }
        if !hasTokenHead { return blocks }
        return blocks
            + MachineRates.Product.training(
                rows: rows, inputs: width, outputs: configuration.vocabularySize)
    }
}
