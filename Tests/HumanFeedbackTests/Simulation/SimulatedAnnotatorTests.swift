import Testing

@testable import HumanFeedback

/// Judges "a", "b c" and so on by the number that stands in front: "2.5 b c" has 2.5 points.
func leadingNumber(_ prompt: String, _ completion: String) -> Double {
    completion.split(separator: " ").first.flatMap { Double(String($0)) } ?? .nan
}

@Suite struct SimulatedAnnotatorTests {
    static let votes = 20_000
    /// Four standard deviations of a share of that many votes, at most.
    static let tolerance = 4 * 0.5 / Double(votes).squareRoot()

    private func votes(
        _ errors: AnnotatorErrors, left: String, right: String, order: ShownOrder = .leftFirst,
        count: Int = votes
    ) -> [Vote] {
        let annotator = SimulatedAnnotator(
            name: "tester", errors: errors, criterionName: "number", criterion: leadingNumber)
        return (0..<count).map { number in
            let comparison = Comparison(prompt: "?", left: left, right: right, id: "c\(number)")
            return annotator.vote(on: comparison, order: order, seed: 7)
        }
    }

    private func share(_ verdict: Verdict, of votes: [Vote]) -> Double {
        Double(votes.count { $0.verdict == verdict }) / Double(votes.count)
    }

    /// The logistic function at 1, 1.5, 2, −0.5 and −1.5, from tables.
    private enum Sigma {
        static let one = 0.731059
        static let oneAndHalf = 0.817574
        static let two = 0.880797
        static let minusHalf = 0.377541
        static let minusOneAndHalf = 0.182426
    }

    @Test("At a difference of one temperature the better answer wins 73 %")
    func temperature() {
        let votes = votes(AnnotatorErrors(temperature: 2), left: "3", right: "1")
        #expect(abs(share(.left, of: votes) - Sigma.one) < Self.tolerance)
        #expect(share(.tie, of: votes) == 0)
    }

    @Test("A vote on exchanged sides goes the other way as often")
    func symmetry() {
        let votes = votes(AnnotatorErrors(temperature: 1), left: "1", right: "3")
        #expect(abs(share(.right, of: votes) - Sigma.two) < Self.tolerance)
    }

    @Test("Half of the lapses are wrong, however clear the difference")
    func lapses() {
        let errors = AnnotatorErrors(temperature: 0.01, lapseRate: 0.3)
        let votes = votes(errors, left: "9", right: "1")
        #expect(abs(share(.right, of: votes) - 0.15) < Self.tolerance)
    }

    @Test("Position bias is log-odds for the answer shown first, on either side")
    func positionBias() {
        let errors = AnnotatorErrors(temperature: 3, positionBias: 1.5)
        let leftFirst = votes(errors, left: "1", right: "1")
        let rightFirst = votes(errors, left: "1", right: "1", order: .rightFirst)
        #expect(abs(share(.left, of: leftFirst) - Sigma.oneAndHalf) < Self.tolerance)
        #expect(abs(share(.right, of: rightFirst) - Sigma.oneAndHalf) < Self.tolerance)
        #expect(rightFirst.allSatisfy { $0.shownOrder == .rightFirst })
    }

    @Test("Words count as points for who prefers length")
    func lengthPreference() {
        let errors = AnnotatorErrors(temperature: 1, lengthPreference: 0.5)
        // Four words more are two points more.
        let votes = votes(errors, left: "1 a b c d", right: "1")
        #expect(abs(share(.left, of: votes) - Sigma.two) < Self.tolerance)
    }

    @Test("Ties follow Rao and Kupper's model")
    func ties() {
        let errors = AnnotatorErrors(temperature: 1, tieThreshold: 1)
        let votes = votes(errors, left: "1.5", right: "1")
        // σ(0.5 − 1) for the left, σ(−0.5 − 1) for the right.
        #expect(abs(share(.left, of: votes) - Sigma.minusHalf) < Self.tolerance)
        #expect(abs(share(.right, of: votes) - Sigma.minusOneAndHalf) < Self.tolerance)
        #expect(abs(share(.tie, of: votes) - 0.440033) < Self.tolerance)
    }

    @Test("An answer without a number is skipped, infinite ones are not")
    func skips() {
        let errors = AnnotatorErrors(temperature: 1, lapseRate: 0.5)
        #expect(share(.skip, of: votes(errors, left: "none", right: "1", count: 50)) == 1)
        #expect(share(.skip, of: votes(errors, left: "none", right: "none", count: 50)) == 1)
        #expect(share(.skip, of: votes(errors, left: "inf", right: "1", count: 50)) == 0)
        #expect(share(.skip, of: votes(errors, left: "inf", right: "inf", count: 50)) == 0)
    }

    @Test("The median time is that of deciding and reading, with the stated spread")
    func seconds() {
        let errors = AnnotatorErrors(
            temperature: 1, decisionSeconds: 10, wordsPerMinute: 60, secondsSpread: 0.5)
        // The prompt has 1 word and the answers 2 and 3: six seconds of reading.
        let times = votes(errors, left: "1 a", right: "1 b c").compactMap(\.seconds).sorted()
        #expect(times.count == Self.votes)
        #expect(abs(times[times.count / 2] - 16) < 0.4)
        // One deviation up: 16 · e^0.5 = 26.38.
        #expect(abs(times[times.count * 8413 / 10000] - 26.38) < 0.8)
        #expect(times.allSatisfy { $0 >= 0.1 })
    }

    @Test("Every vote says that it is simulated, by whom and by what criterion")
    func marks() {
        let votes = votes(AnnotatorErrors(temperature: 1), left: "1", right: "2", count: 3)
        for (number, vote) in votes.enumerated() {
            #expect(vote.isSimulated)
            #expect(!vote.isGroundTruth)
            #expect(vote.annotator == "tester")
            #expect(vote.criterion == "number")
            #expect(vote.comparisonID == "c\(number)")
        }
    }

    @Test("A vote depends on seed, annotator and comparison, and on no other vote")
    func keyed() {
        let comparisons = (0..<200).map { number in
            Comparison(prompt: "?", left: "1", right: "1", id: "c\(number)")
        }
        func votes(name: String, seed: UInt64) -> [Verdict] {
            let annotator = SimulatedAnnotator(
                name: name, errors: AnnotatorErrors(temperature: 1), criterionName: "number",
                criterion: leadingNumber)
            return comparisons.map {
                annotator.vote(on: $0, order: .leftFirst, seed: seed).verdict
            }
        }
        let first = votes(name: "a", seed: 1)
        #expect(first == votes(name: "a", seed: 1))
        for other in [votes(name: "b", seed: 1), votes(name: "a", seed: 2)] {
            let agreement = zip(first, other).count { $0 == $1 }
            #expect((60...140).contains(agreement), "independent coins agree in half the votes")
        }
    }
}
