import Autograd
import Testing

/// One case of `Fixtures/operations/operations.json`: an operation's values and gradients as PyTorch
/// gives them in double precision.
struct ReferenceCase: Decodable, Sendable, CustomTestStringConvertible {
    struct Values: Decodable, Sendable {
        let shape: [Int]
        let values: [Float]

        var tensor: Tensor { Tensor(values, shape: Shape(shape)) }
    }

    /// What an operation takes beside tensors; each uses some of these.
    struct Settings: Decodable, Sendable {
        let epsilon, temperature, factor, number, lower, upper, distance: Float?
        let lengths, tokens, positions, indices, targets: [Int]?
        let heads: Int?
        let weights: [Float]?
    }

    let name: String
    let operation: String
    let settings: Settings
    let inputs: [String: Values]
    let outputs: [String: Values]
    let upstream: [String: Values]
    let gradients: [String: Values]

    var testDescription: String { name }

    private struct File: Decodable { let cases: [ReferenceCase] }

    static func all() throws -> [ReferenceCase] {
        try Fixture.decode(File.self, from: "Fixtures/operations/operations.json").cases
    }
}
