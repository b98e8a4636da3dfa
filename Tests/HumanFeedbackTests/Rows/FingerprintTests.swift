import Testing

@testable import HumanFeedback

@Suite struct FingerprintTests {
    /// The published test vectors of FNV-1a, 64 bits.
    @Test(arguments: [
        ("", 0xcbf2_9ce4_8422_2325 as UInt64), ("a", 0xaf63_dc4c_8601_ec8c),
        ("foobar", 0x8594_4171_f739_67e8),
    ])
    func hashIsFNV1a(text: String, hash: UInt64) {
        #expect(Fingerprint.hash(text) == hash)
    }

    /// The first number of the reference generator with seed 1234567.
    @Test func mixingIsSplitMix64() {
        #expect(Fingerprint.mixed(1_234_567) == 6_457_827_717_110_365_317)
    }

    @Test func textsAreKeptApart() {
        #expect(Fingerprint.hash("ab", "c") != Fingerprint.hash("a", "bc"))
        #expect(Fingerprint.hash("ab", "") != Fingerprint.hash("ab"))
    }

    @Test func hexadecimalHasSixteenDigits() {
        #expect(Fingerprint.hexadecimal(0) == "0000000000000000")
        #expect(Fingerprint.hexadecimal(0xAB) == "00000000000000ab")
        #expect(Fingerprint.hexadecimal(.max) == "ffffffffffffffff")
    }

    @Test func exactTextsDifferInBytes() {
        #expect(Set([ExactText("\u{E9}"), ExactText("e\u{301}"), ExactText("\u{E9}")]).count == 2)
    }
}
