import Testing

@testable import TerminalUI

struct NumberFormatTests {
    @Test(arguments: [
        (0.412, "0.412"), (0.41249, "0.412"), (0.5, "0.500"), (38.249, "38.2"), (0.9996, "1.00"),
        (9.995, "10.0"), (200, "200"), (1234.5, "1235"), (999_999.4, "999999"),
        (1_234_567, "1.23e6"), (0.000412, "0.000412"), (0.00003, "3.00e-5"), (-2.5, "-2.50"),
        (0, "0"),
        (-0.0, "0"), (1e21, "1.00e21"), (.leastNonzeroMagnitude, "5.00e-324"), (.nan, "NaN"),
        (.infinity, "inf"),
        (-.infinity, "-inf"),
    ])
    func valuesHaveThreeDigits(value: Double, text: String) {
        #expect(formatted(value) == text)
    }

    @Test func decimalsAreRoundedAsOnPaper() {
        #expect(formatted(0.125, decimals: 2) == "0.13")
        #expect(formatted(2.5, decimals: 0) == "3")
        #expect(formatted(-0.001, decimals: 2) == "0.00")
        #expect(formatted(9.999, decimals: 2) == "10.00")
        #expect(formatted(0.05, decimals: 1) == "0.1")
        #expect(formatted(0.04, decimals: 1) == "0.0")
        #expect(formatted(12, decimals: 3) == "12.000")
    }

    @Test func fractionsArePerCent() {
        #expect(formatted(fraction: 0.6) == "60%")
        #expect(formatted(fraction: 0.8451, decimals: 1) == "84.5%")
    }

    @Test func countsHaveCommas() {
        #expect(formatted(count: 0) == "0")
        #expect(formatted(count: 999) == "999")
        #expect(formatted(count: 1000) == "1,000")
        #expect(formatted(count: -1_234_567) == "-1,234,567")
        #expect(formatted(count: Int.min) == "-9,223,372,036,854,775,808")
    }

    @Test func bytesHaveUnits() {
        #expect(formatted(bytes: 999) == "999 B")
        #expect(formatted(bytes: 1500) == "1.5 kB")
        #expect(formatted(bytes: 999_960) == "1.0 MB")
        #expect(formatted(bytes: 548_118_077) == "548.1 MB")
    }
}
