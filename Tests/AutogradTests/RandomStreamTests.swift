import Testing

@testable import Autograd

@Suite("Random streams")
struct RandomStreamTests {
    private struct Vectors: Decodable {
        struct Vector: Decodable {
            let counter, key, output: [String]
        }
        let vectors: [Vector]
    }

    @Test("the generator gives the published known answers")
    func knownAnswers() throws {
        let file = try Fixture.decode(Vectors.self, from: "References/philox.json")
        #expect(file.vectors.count >= 3)
        for vector in file.vectors {
            let words = try [vector.counter, vector.key, vector.output].map { list in
                try list.map { try #require(UInt32($0, radix: 16)) }
            }
            let counter = SIMD4(words[0][0], words[0][1], words[0][2], words[0][3])
            let output = RandomStream.philox(counter, key: SIMD2(words[1][0], words[1][1]))
            #expect([output[0], output[1], output[2], output[3]] == words[2])
        }
    }

    /// Recorded sessions rest on these bits. The numbers come from a Python program written from the
    /// papers: FNV-1a of the purpose, SplitMix64 of the seed, Philox of (block, position, sample, step).
    @Test("a stream's bits are fixed for ever")
    func pinned() {
        var order = RandomStream(seed: 42, purpose: .order)
        #expect(
            (0..<6).map { _ in order.nextBits() } == [
                0x36b2_d20f, 0x27ab_6b62, 0xae37_329a, 0x5ce5_32c9, 0xea1a_d3d1, 0x0d9a_d154,
            ])
        var sampling = RandomStream(seed: 42, purpose: .sampling, step: 3, sample: 1, position: 2)
        #expect(
            (0..<6).map { _ in sampling.nextBits() } == [
                0x299f_d768, 0x8041_9ff0, 0x2bc5_748d, 0x4386_3258, 0xd76c_0e31, 0x7727_15df,
            ])
        var initial = RandomStream(seed: 0, purpose: .initialization, sample: 7)
        #expect(initial.nextBits() == 0x7501_ee06)
    }

    @Test("streams differ by seed, purpose, step, sample and position")
    func streamsDiffer() {
        var streams = [
            RandomStream(seed: 1, purpose: .order), RandomStream(seed: 2, purpose: .order),
            RandomStream(seed: 1, purpose: .sampling),
            RandomStream(seed: 1, purpose: .order, step: 1),
            RandomStream(seed: 1, purpose: .order, sample: 1),
            RandomStream(seed: 1, purpose: .order, position: 1),
        ]
        var seen: Set<UInt32> = []
        for i in streams.indices {
            for _ in 0..<100 { seen.insert(streams[i].nextBits()) }
        }
        // 600 draws of 32 bits meet by chance once in 24,000 tries.
        #expect(seen.count == 600)
    }

    @Test("the same name gives the same stream, and one draw more moves no other")
    func repeats() {
        var one = RandomStream(seed: 7, purpose: RandomPurpose("a"), step: 5)
        var same = RandomStream(seed: 7, purpose: RandomPurpose("a"), step: 5)
        #expect((0..<9).map { _ in one.nextBits() } == (0..<9).map { _ in same.nextBits() })
    }

    @Test("uniform numbers are in [0, 1) with mean 1/2 and variance 1/12, in every tenth alike")
    func uniformMoments() {
        var random = RandomStream(seed: 5, purpose: RandomPurpose("uniform"))
        let count = 40_000
        let x = (0..<count).map { _ in Double(random.nextUniform()) }
        #expect(x.allSatisfy { $0 >= 0 && $0 < 1 })
        let mean = x.reduce(0, +) / Double(count)
        let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        // Four standard errors.
        #expect(abs(mean - 0.5) < 4 * (1 / 12.0 / Double(count)).squareRoot())
        #expect(abs(variance - 1 / 12.0) < 4 * (1 / 180.0 / Double(count)).squareRoot())
        var tenths = [Int](repeating: 0, count: 10)
        for value in x { tenths[Int(value * 10)] += 1 }
        // χ² with 9 degrees of freedom is above 27.9 once in a thousand.
        #expect(chiSquare(tenths, expected: Double(count) / 10) < 27.9)
    }

    @Test("normal numbers have mean 0, variance 1, no skew, kurtosis 3, and are finite")
    func normalMoments() {
        var random = RandomStream(seed: 6, purpose: RandomPurpose("normal"))
        let count = 40_000
        let x = (0..<count).map { _ in Double(random.nextNormal()) }
        func moment(_ power: Int) -> Double {
            x.reduce(0) { sum, value in
                sum + (0..<power).reduce(1.0) { product, _ in product * value }
            } / Double(count)
        }
        let error = 4 / Double(count).squareRoot()
        #expect(abs(moment(1)) < error)
        #expect(abs(moment(2) - 1) < 2.0.squareRoot() * error)
        #expect(abs(moment(3)) < 15.0.squareRoot() * error)
        #expect(abs(moment(4) - 3) < 96.0.squareRoot() * error)
        #expect(x.allSatisfy { abs($0) < 6.7 })
        // Neighbours are not related.
        let neighbours = zip(x, x.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
        #expect(abs(neighbours) < error)
    }

    @Test(
        "a permutation has every number once and is not the identity",
        arguments: [0, 1, 2, 17, 1000])
    func permutation(count: Int) {
        var random = RandomStream(seed: 8, purpose: .order)
        let order = random.permutation(of: count)
        #expect(order.sorted() == Array(0..<count))
        if count > 2 { #expect(order != Array(0..<count)) }
    }

    @Test("every order of three is as likely")
    func permutationsAreUniform() {
        var seen = [Int](repeating: 0, count: 27)
        for step in 0..<6000 {
            var random = RandomStream(seed: 9, purpose: .order, step: step)
            let order = random.permutation(of: 3)
            seen[order[0] * 9 + order[1] * 3 + order[2]] += 1
        }
        let counts = seen.filter { $0 > 0 }
        #expect(counts.count == 6)
        // χ² with 5 degrees of freedom.
        #expect(chiSquare(counts, expected: 1000) < 20.5)
    }

    @Test("an index stays below its limit and reaches all of it")
    func index() {
        var random = RandomStream(seed: 10, purpose: .order)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<7000 { counts[random.nextIndex(below: 7)] += 1 }
        #expect(chiSquare(counts, expected: 1000) < 22.5)
        #expect(random.nextIndex(below: 1) == 0)
    }

    private func chiSquare(_ counts: [Int], expected: Double) -> Double {
        counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    }
}
