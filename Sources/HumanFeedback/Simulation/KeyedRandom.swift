import Glibc

/// Random numbers that are looked up, not drawn: the number at a place depends on the seed, the
/// names and the place, never on what was asked before.
///
///     key      = mixed(seed) ^ FNV-1a(names)
///     number i = mixed(key + i · 0x9e3779b97f4a7c15)
///
/// which is SplitMix64 (Steele, Lea, Flood 2014) begun at the key, read at any place.
struct KeyedRandom {
    private let key: UInt64

    /// The stream of a seed and two names, such as an annotator and a comparison.
    init(seed: UInt64, _ first: String, _ second: String) {
        key = Fingerprint.mixed(seed) ^ Fingerprint.hash(first, second)
    }

    /// 64 random bits.
    func bits(at place: Int) -> UInt64 {
        Fingerprint.mixed(key &+ UInt64(truncatingIfNeeded: place) &* 0x9e37_79b9_7f4a_7c15)
    }

    /// Uniform in the open interval (0, 1): the 2⁵² midpoints of equal cells, so that logarithms
    /// of it and of its complement are finite.
    func uniform(at place: Int) -> Double {
        (Double(bits(at: place) >> 12) + 0.5) / 4_503_599_627_370_496
    }

    /// An integer from 0 to `count` − 1.
    func index(below count: Int, at place: Int) -> Int {
        precondition(count > 0, "index(below:): nothing to choose from, count is \(count)")
        return Int(bits(at: place).multipliedFullWidth(by: UInt64(count)).high)
    }

    /// Standard logistic: P(X < x) = 1 / (1 + exp(−x)).
    func logistic(at place: Int) -> Double {
        let u = uniform(at: place)
        return log(u) - log(1 - u)
    }

    /// Standard normal (Box, Muller 1958), from this place and the next.
    func normal(at place: Int) -> Double {
        let radius = (-2 * log(uniform(at: place))).squareRoot()
        return radius * cos(2 * .pi * uniform(at: place + 1))
    }
}
