import Foundation
import Testing

/// Values made with PyTorch and NumPy by Tests/References/losses.py: Fixtures/losses/losses.json.
struct LossFixture: Decodable {
    struct Advantages: Decodable {
        let discount, gaeLambda: Float
        let rewards, values, advantages, returns: [[Float]]
    }

    struct Whitening: Decodable {
        let sequences, whitened, whitenedKeepingMean: [[Float]]
    }

    struct KLPenalty: Decodable {
        let tokens: Tokens
        let threeSymbols: ThreeSymbols

        struct Tokens: Decodable {
            let logProbabilities, referenceLogProbabilities, k1, k2, k3, rewards: [[Float]]
            let klCoefficient: Float
            let scores: [Float]
            let meanOfSums: [String: Double]
            let meanScore, meanNonScoreReward, meanRLHFReward: Double
        }

        struct ThreeSymbols: Decodable {
            let p, q: [Float]
            let kl, expectedK1, expectedK2, expectedK3: Float
        }
    }

    struct Controller: Decodable {
        let coefficient, target: Float
        let horizon, completionCount: Int
        let steps: [Step]

        struct Step: Decodable { let kl, coefficient: Float }
    }

    struct VarianceExplained: Decodable {
        let name: String
        let returns, values: [[Float]]
        let varianceExplained: Double
    }

    struct Wilson: Decodable {
        let successes, value, lower, upper: Double
        let trials: Int
    }

    struct Summary: Decodable {
        let values: [Float]
        let mean, deviation: Double
        let quantiles: [Quantile]

        struct Quantile: Decodable { let share, value: Double }
    }

    struct Calibration: Decodable {
        let margins: [Float]
        let binCount: Int
        let expectedError: Double
        let counts: [Int]
    }

    let generalizedAdvantages: [Advantages]
    let whitening: [Whitening]
    let klPenalty: KLPenalty
    let klController: [Controller]
    let varianceExplained: [VarianceExplained]
    let wilson: [Wilson]
    let summaries: [Summary]
    let calibration: [Calibration]

    static func load() throws -> LossFixture {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "Fixtures/losses/losses.json")
        return try JSONDecoder().decode(LossFixture.self, from: Data(contentsOf: file))
    }
}

/// Expects numbers to agree to a part in 10⁵, or to 10⁻⁵ below 1.
func expectClose(
    _ found: [Float], _ expected: [Float], sourceLocation: SourceLocation = #_sourceLocation
) {
    let isClose =
        found.count == expected.count
        && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }
    #expect(isClose, "found \(found), expected \(expected)", sourceLocation: sourceLocation)
}

/// Expects every row of a ragged batch to agree.
func expectClose(
    _ found: [[Float]], _ expected: [[Float]], sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found.map(\.count) == expected.map(\.count), sourceLocation: sourceLocation)
    for (row, other) in zip(found, expected) {
        expectClose(row, other, sourceLocation: sourceLocation)
    }
}

/// Repeatable noise for tests (SplitMix64).
struct TestRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A number in [0, 1).
    mutating func uniform() -> Double {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }

    /// Nearly normal, with mean 0 and deviation 1: twelve uniform numbers less six.
    mutating func normal() -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + uniform() }
    }
}
