import Testing

@testable import Autograd

@Suite("Cutting the tail of a distribution")
struct TailCutKernelsTests {
    /// The tokens that are left, found by sorting all of them.
    private func keptBySorting(_ weights: [Float], topK: Int, topP: Double) -> Set<Int> {
        var order = weights.indices.sorted { (weights[$0], -$0) > (weights[$1], -$1) }
        if topK > 0 { order = Array(order.prefix(topK)) }
        if topP < 1 {
            let goal = topP * order.reduce(0) { $0 + Double(weights[$1]) }
            var sum = 0.0
            order = order.enumerated().filter { place, token in
                defer { sum += Double(weights[token]) }
                return place == 0 || sum < goal
            }.map(\.element)
        }
        return Set(order)
    }

    private func cut(_ weights: [Float], topK: Int = 0, topP: Float = 1) -> (
        weights: [Float], sum: Float
    ) {
        let row = Tensor(weights, shape: [weights.count])
        let scratch = Tensor(weights.map { _ in Float.nan }, shape: [weights.count])
        let sum = unsafe cutTail(
            row.pointer, weights.count, total: weights.reduce(0, +), topK: topK, topP: topP,
            scratch: scratch.pointer)
        return (row.array, sum)
    }

    /// Few different values, so that many are equal.
    private func weights(_ count: Int, values: Int) -> [Float] {
        var random = RandomStream(
            seed: 1, purpose: RandomPurpose("tail"), step: count, sample: values)
        return (0..<count).map { _ in Float(1 + random.nextIndex(below: values)) / 64 }
    }

    @Test(
        "leaves what sorting leaves, among equals the first",
        arguments: [1, 2, 3, 15, 16, 17, 33, 100, 1000, 5003])
    func agreesWithSorting(count: Int) {
        for values in [1, 2, 9, 4096] {
            let weights = weights(count, values: values)
            for topK in [0, 1, 2, 7, count / 2, count - 1, count, count + 5] where topK >= 0 {
                // Sums of 64ths are exact here, so that a goal is off by one rounding at most.
                for topP: Float in [0, 0.0625, 0.25, 0.5, 0.75, 0.9375, 1] {
                    let found = cut(weights, topK: topK, topP: topP)
                    let kept = keptBySorting(weights, topK: topK, topP: Double(topP))
                    let expected = weights.indices.map { kept.contains($0) ? weights[$0] : 0 }
                    #expect(
                        found.weights == expected,
                        "\(count) of \(values) values, k \(topK), p \(topP)")
                    #expect(abs(found.sum - expected.reduce(0, +)) <= 1e-4 * found.sum)
                }
            }
        }
    }

    @Test("the largest come first, the smallest of them last", arguments: [1, 2, 7, 40, 99, 100])
    func selection(rank: Int) {
        // 41 values occur two or three times.
        let values = (0..<100).map { Float($0 * 37 % 41) }
        let row = Tensor(values, shape: [100])
        unsafe moveLargestToFront(row.pointer, 100, rank)
        let sorted = values.sorted(by: >)
        #expect(row.array.prefix(rank).sorted(by: >) == Array(sorted.prefix(rank)))
        #expect(row.array[rank - 1] == sorted[rank - 1])
    }

    @Test("beside numbers that are none every place keeps its own or 0", arguments: [1, 5, 16, 40])
    func notANumber(count: Int) {
        for topK in [0, 1, 3, count] {
            for topP: Float in [0, 0.5, 1] {
                let mixed = (0..<count).map { $0 % 3 == 1 ? Float.nan : Float($0) }
                let left = cut(mixed, topK: topK, topP: topP).weights
                #expect(
                    zip(left, mixed).allSatisfy { $0 == 0 || $0.bitPattern == $1.bitPattern },
                    "k \(topK), p \(topP): \(left)")
            }
        }
    }
}
