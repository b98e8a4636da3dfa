import Testing

@testable import Alignment

@Suite("Advantages inside a group")
struct GroupAdvantagesTests {
    private let rewards: [Float] = [1, 2, 3, 6, -1, -1, -1, 5]

    @Test("leave one out: each against the mean of the others")
    func leaveOneOut() {
        let found = leaveOneOutAdvantages(rewards, groupSize: 4)
        expectClose(found[..<4].map { $0 }, [1 - 11 / 3, 2 - 10 / 3, 0, 4], within: 1e-6)
        expectClose(found[4...].map { $0 }, [-2, -2, -2, 6], within: 1e-6)
    }

    @Test("they sum to 0 in every group, whatever the method")
    func sums() {
        for found in [
            leaveOneOutAdvantages(rewards, groupSize: 4),
            groupRelativeAdvantages(rewards, groupSize: 4, scale: .group),
            groupRelativeAdvantages(rewards, groupSize: 4, scale: .batch),
            groupRelativeAdvantages(rewards, groupSize: 4, scale: .none),
        ] {
            #expect(abs(found[..<4].reduce(0, +)) < 1e-5)
            #expect(abs(found[4...].reduce(0, +)) < 1e-5)
        }
    }

    @Test("GRPO without scale is RLOO times (G − 1) / G")
    func relation() {
        let plain = groupRelativeAdvantages(rewards, groupSize: 4, scale: .none)
        expectClose(
            plain, leaveOneOutAdvantages(rewards, groupSize: 4).map { 0.75 * $0 }, within: 1e-6)
    }

    @Test("the group's deviation makes groups alike, the batch's does not")
    func scale() {
        let doubled = rewards[..<4] + rewards[..<4].map { 2 * $0 }
        let group = groupRelativeAdvantages(Array(doubled), groupSize: 4, scale: .group)
        expectClose(Array(group[..<4]), Array(group[4...]), within: 1e-3)
        let batch = groupRelativeAdvantages(Array(doubled), groupSize: 4, scale: .batch)
        expectClose(batch[..<4].map { 2 * $0 }, Array(batch[4...]), within: 1e-5)
    }

    @Test("equal scores teach nothing, and are counted")
    func equal() {
        let scores: [Float] = [2, 2, 2, 2, 1, 2, 3, 4]
        for scale in AdvantageScale.allCases {
            #expect(
                groupRelativeAdvantages(scores, groupSize: 4, scale: scale)[..<4]
                    .allSatisfy { $0 == 0 })
        }
        let spread = GroupSpread(scores, groupSize: 4)
        #expect(spread.equalShare == 0.5)
        #expect(abs(spread.deviation - (5.0 / 3).squareRoot() / 2) < 1e-6)
    }

    @Test("standardized: mean 0, deviation 1")
    func standardizing() {
        let found = standardized(rewards)
        #expect(abs(found.reduce(0, +)) < 1e-5)
        #expect(abs(found.reduce(0) { $0 + $1 * $1 } / 7 - 1) < 1e-3)
        #expect(standardized([3, 3]) == [0, 0])
    }
}
