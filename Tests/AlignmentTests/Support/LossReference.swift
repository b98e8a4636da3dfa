import Foundation
import Testing

/// The losses of `Fixtures/losses/losses.json`, written by `References/losses.py`.
struct LossReference: Decodable {
    struct Policy: Decodable {
        let name: String
        let clipRange, loss, clipFraction, approximateKL, meanRatio: Float
        let old, new, advantages, newGradient: [[Float]]
    }

    struct Value: Decodable {
        let name: String
        let clipRange, loss, clipFraction: Float
        let old, new, returns, newGradient: [[Float]]
    }

    struct Reward: Decodable {
        let name: String
        let centeringCoefficient, loss, accuracy, meanMargin: Float
        let chosen, rejected, margins, chosenGradient, rejectedGradient: [Float]
    }

    let policyLoss: [Policy]
    let valueLoss: [Value]
    let rewardLoss: [Reward]

    static func load() throws -> LossReference {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "Fixtures/losses/losses.json")
        return try JSONDecoder().decode(LossReference.self, from: Data(contentsOf: file))
    }
}

/// Expects numbers to agree within a tolerance, relative to the larger of 1 and the largest expected.
func expectClose(
    _ found: [Float], _ expected: [Float], within tolerance: Float,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let magnitude = expected.reduce(1) { max($0, abs($1)) }
    let isClose =
        found.count == expected.count
        && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * magnitude }
    #expect(isClose, "found \(found), expected \(expected)", sourceLocation: sourceLocation)
}
