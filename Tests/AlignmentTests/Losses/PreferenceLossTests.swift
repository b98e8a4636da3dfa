import Autograd
import Foundation
import Testing

@testable import Alignment

@Suite("Preference losses")
struct PreferenceLossTests {
    static let all: [PreferenceLoss] = [
        .sigmoid, .smoothed(noise: 0.2), .robust(noise: 0.2), .ipo, .hinge, .lengthNormalized,
        .apoZero, .apoDown,
    ]

    @Test("losses and the gradient of every token agree with TRL's trainer")
    func reference() throws {
        let fixture = try PreferenceReference.load()
        #expect(Set(fixture.fixed.map(\.name)).count == 9)
        for example in fixture.fixed {
            let (kind, isSupervised) = try #require(
                PreferenceReference.loss(example.name, noise: example.noise))
            let tape = Tape()
            let counts = example.logProbabilities.map(\.count)
            let tokens = tape.watch(Tensor(example.logProbabilities.flatMap { $0 }))
            let ratios = tokens.sums(ofSegments: counts) - Tensor(example.reference)
            let pairs = example.chosenCount
            var loss = kind.perPair(
                chosen: ratios.elements(at: Array(0..<pairs)),
                rejected: ratios.elements(at: Array(pairs..<(2 * pairs))),
                lengths: (Array(counts[..<pairs]), Array(counts[pairs...])), beta: example.beta
            ).sum(weights: [Float](repeating: 1 / Float(pairs), count: pairs))
            if isSupervised {
                let chosen = counts[..<pairs].reduce(0, +)
                let weights = (0..<tokens.count).map { $0 < chosen ? -1 / Float(chosen) : 0 }
                loss = loss + fixture.sftCoefficient * tokens.sum(weights: weights)
            }
            tape.backward(from: loss)
            #expect(
                abs(loss.scalar - example.loss) <= 1e-5 * max(1, example.loss), "\(example.name)")
            expectClose(
                tape.gradient(of: tokens).array, example.gradients.flatMap { $0 }, within: 1e-5)
        }
    }

    private func loss(
        _ kind: PreferenceLoss, chosen: Float, rejected: Float, lengths: (Int, Int) = (1, 1),
        beta: Float = 0.1
    ) -> Double {
        Double(
            kind.perPair(
                chosen: Tensor([chosen]), rejected: Tensor([rejected]),
                lengths: ([lengths.0], [lengths.1]), beta: beta
            ).array[0])
    }

    @Test("every loss has its known value where policy and reference agree", arguments: all)
    func atReference(kind: PreferenceLoss) {
        for beta in [0.05, 0.1, 0.5] {
            let found = loss(kind, chosen: 0, rejected: 0, beta: Float(beta))
            let expected = kind.valueAtReference(beta: beta)
            #expect(abs(found - expected) < 1e-5 * expected)
        }
        #expect(abs(PreferenceLoss.sigmoid.valueAtReference(beta: 0.3) - log(2)) < 1e-12)
        #expect(abs(PreferenceLoss.ipo.valueAtReference(beta: 0.1) - 25) < 1e-9)
    }

    @Test("a lead of the chosen answer costs less than a lag", arguments: all)
    func direction(kind: PreferenceLoss) {
        #expect(
            loss(kind, chosen: 2, rejected: -1) < loss(kind, chosen: -1, rejected: 2))
    }

    @Test("IPO wants a lead of 1 / (2 β) a token and no more")
    func ipoTarget() {
        #expect(loss(.ipo, chosen: 15, rejected: 0, lengths: (3, 1)) < 1e-9)
        #expect(loss(.ipo, chosen: 30, rejected: 0, lengths: (3, 1)) > 1)
    }

    @Test("lengths count only where the loss is a token's", arguments: all)
    func lengths(kind: PreferenceLoss) {
        let short = loss(kind, chosen: 2, rejected: 1, lengths: (1, 1))
        let long = loss(kind, chosen: 2, rejected: 1, lengths: (4, 1))
        #expect((short != long) == (kind == .ipo || kind == .lengthNormalized))
    }

    @Test("without noise, smoothed and robust are the plain loss")
    func noNoise() {
        let plain = loss(.sigmoid, chosen: 1, rejected: -2)
        #expect(abs(loss(.smoothed(noise: 0), chosen: 1, rejected: -2) - plain) < 1e-7)
        #expect(abs(loss(.robust(noise: 0), chosen: 1, rejected: -2) - plain) < 1e-7)
    }

    @Test("robust: its mean over pairs turned round at the rate ε is the loss without noise")
    func robustIsUnbiased() {
        let noise: Float = 0.2
        let mean =
            0.8 * loss(.robust(noise: noise), chosen: 3, rejected: -4)
            + 0.2 * loss(.robust(noise: noise), chosen: -4, rejected: 3)
        #expect(abs(mean - loss(.sigmoid, chosen: 3, rejected: -4)) < 1e-6)
    }

    @Test("ratios of a thousand nats stay finite", arguments: all)
    func extremes(kind: PreferenceLoss) {
        for (chosen, rejected) in [(1000, -1000), (-1000, 1000)] as [(Float, Float)] {
            #expect(loss(kind, chosen: chosen, rejected: rejected, beta: 1).isFinite)
        }
    }
}
