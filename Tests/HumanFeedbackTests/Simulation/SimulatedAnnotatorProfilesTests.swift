import Testing

@testable import HumanFeedback

/// The profiles on the first tutorial's demonstrations, two answers of a prompt at a time.
@Suite struct AnnotatorProfileTests {
    let data: AlignAModel

    init() throws { data = try AlignAModel.shared.get() }

    /// What a profile's votes are like.
    private struct Figures {
        /// Of the decided votes on pairs of different gold: the share against gold.
        var wrong = 0.0
        /// The same where gold differs by a point or more.
        var wrongWhenClear = 0.0
        /// Of the decided votes, the share for the answer shown first, and for the longer one.
        var first = 0.0
        var longer = 0.0
        var ties = 0.0
        var medianSeconds = 0.0
    }

    private func figures(_ votes: [Vote]) -> Figures {
        var wrong = (count: 0, of: 0)
        var clear = (count: 0, of: 0)
        var first = (count: 0, of: 0)
        var longer = (count: 0, of: 0)
        for (index, vote) in votes.enumerated() where vote.verdict.isDecided {
            let comparison = data.comparisons[index]
            let difference = data.goldDifferences[index]
            let isLeft = vote.verdict == .left
            let isWrong = isLeft != (difference > 0)
            if difference != 0 {
                wrong.of += 1
                wrong.count += isWrong ? 1 : 0
            }
            if abs(difference) >= 1 {
                clear.of += 1
                clear.count += isWrong ? 1 : 0
            }
            first.of += 1
            first.count += isLeft == (vote.shownOrder == .leftFirst) ? 1 : 0
            let extra = comparison.left.utf8.count - comparison.right.utf8.count
            if extra != 0 {
                longer.of += 1
                longer.count += isLeft == (extra > 0) ? 1 : 0
            }
        }
        func share(_ pair: (count: Int, of: Int)) -> Double {
            Double(pair.count) / Double(max(pair.of, 1))
        }
        let seconds = votes.compactMap(\.seconds).sorted()
        return Figures(
            wrong: share(wrong), wrongWhenClear: share(clear), first: share(first),
            longer: share(longer),
            ties: Double(votes.count { $0.verdict == .tie }) / Double(votes.count),
            medianSeconds: seconds[seconds.count / 2])
    }

    private func figures(_ profile: AnnotatorProfile, seed: UInt64) -> Figures {
        let panel = SimulatedPanel([SimulatedAnnotator(profile, scorer: data.scorer)])
        return figures(panel.votes(on: data.comparisons, seed: seed))
    }

    @Test(
        "A careful annotator errs in about 5 % of the clear pairs",
        arguments: 42...44 as ClosedRange<UInt64>)
    func careful(seed: UInt64) {
        let found = figures(.careful, seed: seed)
        #expect((0.035...0.07).contains(found.wrongWhenClear), "\(found)")
        #expect((0.46...0.54).contains(found.first), "\(found)")
        #expect((10...30).contains(found.medianSeconds), "\(found)")
    }

    @Test(
        "A mixed panel errs in about 10 % of the pairs", arguments: 42...44 as ClosedRange<UInt64>)
    func mixedPanel(seed: UInt64) {
        let panel = SimulatedPanel.mixed(scorer: data.scorer)
        let found = figures(panel.votes(on: data.comparisons, seed: seed))
        #expect((0.08...0.13).contains(found.wrong), "\(found)")
        #expect((0.06...0.11).contains(found.wrongWhenClear), "\(found)")
    }

    @Test("Each fault shows in its own figure and there only")
    func faults() {
        let careful = figures(.careful, seed: 42)
        let hurried = figures(.hurried, seed: 42)
        let positionBiased = figures(.positionBiased, seed: 42)
        let prefersLong = figures(.prefersLong, seed: 42)
        let careless = figures(.careless, seed: 42)
        let contrary = figures(.contrary, seed: 42)

        #expect(hurried.medianSeconds < careful.medianSeconds / 2)
        #expect(hurried.ties > 2 * careful.ties)
        #expect(positionBiased.first > 0.6)
        #expect(prefersLong.first < 0.55 && careless.first < 0.55)
        #expect(prefersLong.longer > careful.longer + 0.05)
        #expect(abs(positionBiased.longer - careful.longer) < 0.05)
        #expect((0.18...0.3).contains(careless.wrong), "\(careless)")
        #expect(abs(contrary.wrong - (1 - careful.wrong)) < 0.03, "\(contrary)")
        #expect(contrary.medianSeconds > careful.medianSeconds / 2 && contrary.first < 0.55)
        for other in [hurried, positionBiased, prefersLong] {
            #expect(careful.wrong < other.wrong && other.wrong < careless.wrong)
        }
    }

    @Test("Profiles have their written names and a sentence each")
    func names() {
        #expect(
            AnnotatorProfile.allCases.map(\.rawValue) == [
                "careful", "hurried", "position-biased", "prefers-long", "careless",
                "contrary",
            ])
        for profile in AnnotatorProfile.allCases {
            #expect(profile.meaning.hasSuffix("."))
            #expect(SimulatedAnnotator(profile, scorer: data.scorer).name == profile.rawValue)
        }
        #expect(
            SimulatedPanel.mixed(scorer: data.scorer).members.map(\.name) == [
                "careful-1", "careful-2", "careful-3", "hurried", "position-biased",
                "prefers-long",
            ])
    }
}
