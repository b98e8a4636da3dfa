import Testing

@testable import HumanFeedback

@Suite struct KeyedRandomTests {
    @Test("The bits are those of the written formula, computed in Python")
    func reference() {
        let random = KeyedRandom(seed: 42, "careful", "c-1")
        #expect(random.bits(at: 0) == 0x4d56_b8a3_b0f6_1102)
        #expect(random.bits(at: 1) == 0xdca0_ee84_99d7_d76b)
        #expect(random.bits(at: 2) == 0x5257_4afd_64f9_ff49)
        #expect(random.bits(at: 1000) == 0x81bf_deab_af26_f3e4)
    }

    @Test("Where one name ends and the next begins matters")
    func namesAreSeparate() {
        let a = KeyedRandom(seed: 1, "ab", "c")
        let b = KeyedRandom(seed: 1, "a", "bc")
        #expect(a.bits(at: 0) != b.bits(at: 0))
    }

    @Test("Uniform, logistic and normal numbers have their mean and deviation", arguments: 0..<4)
    func moments(seed: UInt64) {
        let random = KeyedRandom(seed: seed, "moments", "test")
        let count = 20_000
        func check(
            _ mean: Double, _ deviation: Double, _ draw: (Int) -> Double
        ) {
            let values = (0..<count).map { draw(2 * $0) }
            let found = values.reduce(0, +) / Double(count)
            let squares = values.map { ($0 - found) * ($0 - found) }
            let spread = (squares.reduce(0, +) / Double(count - 1)).squareRoot()
            #expect(abs(found - mean) < 4 * deviation / Double(count).squareRoot())
            #expect(abs(spread / deviation - 1) < 0.04)
        }
        check(0.5, 0.288675, random.uniform)
        check(0, 1.813799, random.logistic)  // π / √3
        check(0, 1, random.normal)
    }

    @Test("Uniform numbers stay strictly inside the unit interval")
    func openInterval() {
        let random = KeyedRandom(seed: 3, "open", "interval")
        for place in 0..<10_000 {
            let value = random.uniform(at: place)
            #expect(value > 0 && value < 1)
        }
    }

    @Test("Indices fill their range evenly")
    func indices() {
        let random = KeyedRandom(seed: 5, "indices", "test")
        var counts = [0, 0, 0, 0, 0, 0]
        for place in 0..<6000 { counts[random.index(below: 6, at: place)] += 1 }
        for count in counts { #expect((880...1120).contains(count)) }
    }
}
