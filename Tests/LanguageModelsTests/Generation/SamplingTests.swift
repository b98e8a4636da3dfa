import Autograd
import Foundation
import Testing

@testable import LanguageModels

@Suite("Sampling")
struct SamplingTests {
    private let logits: [Float] = [1, -0.5, 2, 0, 0.7, -3, 1.4]

    private func counts(_ sampling: SamplingParameters, draws: Int = 20_000) -> [Int] {
        var random = RandomStream(seed: 1, purpose: .sampling)
        var counts = [Int](repeating: 0, count: logits.count)
        for _ in 0..<draws {
            counts[sampling.token(from: logits, uniform: random.nextUniform())] += 1
        }
        return counts
    }

    private func probabilities(temperature: Double, keeping kept: Set<Int>? = nil) -> [Double] {
        let weights = logits.enumerated().map { token, z in
            kept?.contains(token) ?? true ? exp(Double(z) / temperature) : 0
        }
        return weights.map { $0 / weights.reduce(0, +) }
    }

    /// χ² with 6 degrees of freedom is above 22.5 once in a thousand.
    @Test("tokens come as softmax(logits / temperature) says", arguments: [0.5, 1, 2])
    func temperature(temperature: Double) {
        let found = counts(SamplingParameters(temperature: Float(temperature)))
        #expect(chiSquare(found, probabilities: probabilities(temperature: temperature)) < 22.5)
    }

    @Test("top-k keeps the k likeliest, in proportion")
    func topK() {
        let found = counts(SamplingParameters(topK: 3))
        let expected = probabilities(temperature: 1, keeping: [2, 6, 0])
        #expect(chiSquare(found, probabilities: expected) < 13.8)
        #expect(counts(SamplingParameters(topK: 1))[2] == 20_000)
        #expect(counts(SamplingParameters(topK: 100)) == counts(SamplingParameters(topK: 7)))
    }

    /// Likeliest first: 0.39, 0.22, 0.14, 0.11, 0.05, 0.03, 0.003.
    @Test("top-p keeps the fewest likeliest that reach p, in proportion")
    func topP() {
        let sorted = probabilities(temperature: 1).sorted(by: >)
        let two = Float(sorted[0] + sorted[1])
        let found = counts(SamplingParameters(topP: two - 0.01))
        let expected = probabilities(temperature: 1, keeping: [2, 6])
        #expect(chiSquare(found, probabilities: expected) < 10.8)
        let three = counts(SamplingParameters(topP: two + 0.01))
        #expect(
            chiSquare(three, probabilities: probabilities(temperature: 1, keeping: [2, 6, 0]))
                < 13.8)
        #expect(counts(SamplingParameters(topP: 0))[2] == 20_000)
    }

    @Test("top-p counts what top-k has left, after the temperature")
    func together() {
        // Of the three kept, the likeliest two have 0.81 at temperature 1/2.
        let sampling = SamplingParameters(temperature: 0.5, topK: 3, topP: 0.8)
        let expected = probabilities(temperature: 0.5, keeping: [2, 6])
        #expect(chiSquare(counts(sampling), probabilities: expected) < 10.8)
    }

    @Test("greedy takes the likeliest, the lowest id among equals")
    func greedy() {
        for sampling in [SamplingParameters.greedy, SamplingParameters(temperature: 0)] {
            #expect(sampling.token(from: logits, uniform: 0.999) == 2)
            #expect(sampling.token(from: [0, 3, 3, 1], uniform: 0.999) == 1)
        }
    }

    @Test("a temperature set to 0 later is greedy too")
    func temperatureSetLater() {
        var sampling = SamplingParameters()
        sampling.temperature = 0
        #expect(sampling.token(from: logits, uniform: 0.5) == 2)
        #expect(!sampling.keepsWholeDistribution)
    }

    @Test("equal logits are cut by id, so that the cut is always the same")
    func ties() {
        let sampling = SamplingParameters(topK: 2)
        let seen = Set(
            (0..<10).map { sampling.token(from: [1, 1, 1, 1], uniform: Float($0) / 10) })
        #expect(seen == [0, 1])
    }

    @Test("the ends of the range of random numbers choose possible tokens")
    func ends() {
        let impossible: [Float] = [-.infinity, 0, -.infinity, 0, -.infinity]
        for sampling in [
            SamplingParameters(), SamplingParameters(topK: 4), SamplingParameters(topP: 0.99),
        ] {
            #expect(sampling.token(from: impossible, uniform: 0) == 1)
            #expect(sampling.token(from: impossible, uniform: 1 - 0x1p-24) == 3)
        }
        // Far apart: everything but one underflows.
        #expect(SamplingParameters().token(from: [0, 1e4, -1e4], uniform: 1 - 0x1p-24) == 1)
    }

    @Test("logits that are not numbers choose some token rather than trap")
    func notANumber() {
        for sampling in [
            SamplingParameters(), .greedy, SamplingParameters(topK: 2),
            SamplingParameters(topP: 0.5),
        ] {
            let token = sampling.token(from: [.nan, .nan, .nan], uniform: 0.5)
            #expect((0..<3).contains(token))
        }
    }

    @Test("only plain sampling keeps the whole distribution")
    func keepsWholeDistribution() {
        #expect(SamplingParameters().keepsWholeDistribution)
        #expect(SamplingParameters(temperature: 0.7).keepsWholeDistribution)
        #expect(!SamplingParameters(topK: 5).keepsWholeDistribution)
        #expect(!SamplingParameters(topP: 0.9).keepsWholeDistribution)
        #expect(!SamplingParameters.greedy.keepsWholeDistribution)
    }
}

extension SamplingParameters {
    /// Chooses from a single row.
    fileprivate func token(from logits: [Float], uniform: Float) -> Int {
        token(from: Tensor(logits, shape: [1, logits.count]), row: 0, uniform: uniform)
    }
}
