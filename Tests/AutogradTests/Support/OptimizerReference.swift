import Testing

/// `Fixtures/operations/optimizer.json`: AdamW, clipping and schedules of PyTorch and transformers.
struct OptimizerReference: Decodable {
    typealias Tensors = [String: ReferenceCase.Values]

    struct Run: Decodable, Sendable, CustomTestStringConvertible {
        struct Step: Decodable, Sendable {
            let learningRate, norm: Float
            let parameters, firstMoments, secondMoments: Tensors
        }
        let name: String
        let weightDecay, epsilon: Float
        let beta1, beta2: Double
        let maximumNorm: Float?
        let steps: [Step]
        var testDescription: String { name }
    }

    struct Clipping: Decodable, Sendable {
        let maximumNorm, norm: Float
        let gradients, clipped: [ReferenceCase.Values]
    }

    struct Schedule: Decodable, Sendable, CustomTestStringConvertible {
        let form: String
        let warmupSteps, totalSteps: Int
        let factors: [Float]
        var testDescription: String { "\(form), \(warmupSteps) steps of warm-up" }
    }

    let initial: Tensors
    let gradients: [Tensors]
    let runs: [Run]
    let clipping: [Clipping]
    let schedules: [Schedule]

    static func load() throws -> OptimizerReference {
        try Fixture.decode(Self.self, from: "Fixtures/operations/optimizer.json")
    }
}
