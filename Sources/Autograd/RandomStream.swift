import Glibc

/// What random numbers are drawn for; two purposes never share a stream.
public struct RandomPurpose: Sendable, Equatable {
    let key: UInt64

    /// A purpose named in text, such as "initialization".
    public init(_ name: String) {
        // FNV-1a: the stream depends on the name's bytes alone.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        key = hash
    }

    public static let initialization = RandomPurpose("initialization")
    public static let order = RandomPurpose("order")
    public static let sampling = RandomPurpose("sampling")
    public static let dropout = RandomPurpose("dropout")
}

/// Counter-based random numbers, Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as
/// easy as 1, 2, 3").
///
/// A stream is named by (seed, purpose, step, sample, position). Drawing one number more in one
/// place changes nothing elsewhere, and any stream can be entered without drawing those before it.
public struct RandomStream: Sendable {
    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var block = SIMD4<UInt32>()
    private var used = 4

    public init(
        seed: UInt64, purpose: RandomPurpose, step: Int = 0, sample: Int = 0, position: Int = 0
    ) {
        // SplitMix64's finalizer spreads seeds that differ in one bit over the whole key.
        var z = seed &+ purpose.key &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        z ^= z >> 31
        key = SIMD2(UInt32(truncatingIfNeeded: z), UInt32(truncatingIfNeeded: z >> 32))
        counter = SIMD4(
            0, UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: sample),
            UInt32(truncatingIfNeeded: step))
    }

    /// One block of the generator: ten rounds over a counter with a key.
    static func philox(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var c = counter
        var k = key
        for _ in 0..<10 {
            let low = c[0].multipliedFullWidth(by: 0xD251_1F53)
            let high = c[2].multipliedFullWidth(by: 0xCD9E_8D57)
            c = SIMD4(high.high ^ c[1] ^ k[0], high.low, low.high ^ c[3] ^ k[1], low.low)
            k[0] &+= 0x9E37_79B9
            k[1] &+= 0xBB67_AE85
        }
        return c
    }

    /// Thirty-two random bits.
    public mutating func nextBits() -> UInt32 {
        if used == 4 {
            block = Self.philox(counter, key: key)
            counter[0] &+= 1
            used = 0
        }
        defer { used += 1 }
        return block[used]
    }

    /// A number in [0, 1), a multiple of 2^-24.
    public mutating func nextUniform() -> Float { Float(nextBits() >> 8) * 0x1p-24 }

    /// A number of the standard normal distribution (Box and Muller 1958).
    public mutating func nextNormal() -> Float {
        let u = (Double(nextBits()) + 1) * 0x1p-32
        let v = Double(nextBits()) * 0x1p-32
        return Float((-2 * log(u)).squareRoot() * cos(2 * Double.pi * v))
    }

    /// A whole number in 0 ..< `limit`, unbiased to 2^-32.
    public mutating func nextIndex(below limit: Int) -> Int {
        precondition(limit > 0, "nextIndex: the limit is \(limit)")
        return Int((UInt64(nextBits()) &* UInt64(limit)) >> 32)
    }

    /// The numbers 0 ..< `count` in random order (Fisher and Yates).
    public mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        for i in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(i, nextIndex(below: i + 1))
        }
        return order
    }
}
