import Testing

@testable import TerminalUI

struct KeyValueListTests {
    @Test func valuesStandBelowEachOtherAndWrap() {
        let list = KeyValueList([("seed", "42"), ("instructions", "AVX2 FMA AVX-512")])
        #expect(
            plainText(list, width: 26) == [
                "seed          42", "instructions  AVX2 FMA", "              AVX-512",
            ])
    }

    @Test func longKeysAreCut() {
        #expect(plainText(KeyValueList([("abcdefghij", "x")]), width: 10) == ["abcd…  x"])
    }
}
