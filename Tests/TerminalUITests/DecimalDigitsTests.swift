import Testing

@testable import TerminalUI

struct DecimalDigitsTests {
    /// Reference: `Decimal(repr(v))` quantized to four digits with ROUND_HALF_UP, in Python.
    @Test(arguments: [
        (0.15, "1.500e-1"), (0.3333333333333333, "3.333e-1"), (0.999999, "1.000e0"),
        (0.0001234, "1.234e-4"), (123456.5, "1.235e5"), (999999.5, "1.000e6"), (1e21, "1.000e21"),
        (-2.5, "-2.500e0"), (0.30000000000000004, "3.000e-1"), (1e-05, "1.000e-5"),
        (-1.989032661366619e244, "-1.989e244"), (3.980498358697587e-249, "3.980e-249"),
        (1.3647584518757569e-192, "1.365e-192"), (6.294675241195386e-44, "6.295e-44"),
        (6.387016158513563e-12, "6.387e-12"), (8.779753225680271e-236, "8.780e-236"),
        (.leastNonzeroMagnitude, "5.000e-324"),
    ])
    func roundingMatchesDecimalArithmetic(value: Double, text: String) {
        var digits = DecimalDigits(value)
        digits.round(toDigits: 4)
        let exponent = digits.exponent - 1
        digits.exponent = 1
        #expect(digits.text(decimals: 3) + "e\(exponent)" == text)
    }
}
