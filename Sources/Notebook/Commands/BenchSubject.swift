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
    /// Rows and tokens a row of a training step.
    let trainingBatch: (rows: Int, length: Int)

    /// Pairs of a reward model's step.
    static let pairCount = 16
    /// Episodes of a PPO update.
    static let episodeCount = 16

    init(_ sizes: BenchSizes) {
        self.init(name: sizes.rawValue, configuration: sizes.configuration)
    }

    init(name: String, weights: LanguageModel) {
        self.init(name: name, configuration: weights.configuration, weights: weights)
    }

    /// The tutorial's model.
    static var tutorial: BenchSubject {
        BenchSubject(
            name: "tutorial", configuration: BenchSizes.tutorial, trainingBatch: (32, 40))
    }

    /// - Parameter trainingBatch: Rows and tokens a row; nil takes what suits the size.
    init(
        name: String, configuration: ModelConfiguration, weights: LanguageModel? = nil,
        trainingBatch: (rows: Int, length: Int)? = nil
    ) {
        self.name = name
        self.configuration = configuration
        self.weights = weights
        let isLarge = Self.parameterCount(of: configuration) > Self.large
        self.trainingBatch =
            trainingBatch
            ?? (isLarge ? 4 : 16, min(isLarge ? 256 : 64, configuration.contextLength))
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
    var parameterCount: Int { Self.parameterCount(of: configuration) }

    private static func parameterCount(of configuration: ModelConfiguration) -> Int {
        configuration.parameterShapes.filter { $0.name != "score.weight" }
            .reduce(0) { $0 + $1.shape.reduce(1, *) }
    }

    /// Parameters of the blocks alone: what a reward model multiplies with.
    var blockParameterCount: Int {
        parameterCount
            - (configuration.vocabularySize + configuration.contextLength) * configuration.width
    }

    /// Weights that a decoding step reads: all but the position table, of which it needs a row.
    var decodingWeightCount: Int {
        parameterCount - configuration.contextLength * configuration.width
    }

    private static let large = 50_000_000
    var isLarge: Bool { parameterCount > Self.large }

    /// Tokens of each side of a pair; the first half is the prompt's.
    var pairLength: Int { min(64, configuration.contextLength) }

    /// Rows that the model reads of a pair: the prompt once and both answers.
    var pairRows: Int { 2 * pairLength - pairLength / 2 }

    /// What is measured where nothing is said: minutes would pass with all of it on a large model.
    var usualJobs: [BenchJobName] {
        isLarge
            ? [
                .trainingStep, .trainingStepBF16, .loraTraining, .generate1, .generate16,
                .generate64,
                .generate1BF16,
            ] : BenchJobName.allCases
    }

    /// The products of a decoding step over `rows` sequences.
    func decodingProducts(rows: Int) -> [MachineRates.Product] {
        let blocks = (0..<configuration.layerCount).flatMap { _ in
            maps.map { MachineRates.Product(rows: rows, columns: $0.outputs, inner: $0.inputs) }
        }
        return blocks + [
            MachineRates.Product(
                rows: rows, columns: configuration.vocabularySize, inner: configuration.width,
                transposesSecond: true)
        ]
    }

    /// The linear maps of a block.
    private var maps: [(inputs: Int, outputs: Int)] {
        let width = configuration.width
        let inner = configuration.innerWidth
        return [(width, 3 * width), (width, width), (width, inner), (inner, width)]
    }

    /// The products of a training step over `rows` tokens.
    ///
    /// - Parameters:
    ///   - hasTokenHead: The products with the token table too.
    ///   - trainsWeights: The products that give the gradients of the weights too.
    func products(
        rows: Int, hasTokenHead: Bool, trainsWeights: Bool = true
    ) -> [MachineRates.Product] {
        let width = configuration.width
        // Forward and the gradient of the input come first.
        func products(_ inputs: Int, _ outputs: Int) -> ArraySlice<MachineRates.Product> {
            MachineRates.Product.training(rows: rows, inputs: inputs, outputs: outputs)
                .prefix(trainsWeights ? 3 : 2)
        }
        let layer = maps.flatMap { products($0.inputs, $0.outputs) }
        let blocks = (0..<configuration.layerCount).flatMap { _ in layer }
        return blocks + (hasTokenHead ? products(width, configuration.vocabularySize) : [])
    }
}
