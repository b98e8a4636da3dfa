/// Values on an axis that people like to read: whole multiples of 1, 2 or 5 times a power of ten.
///
/// Labels are made from whole numbers, not from sums of rounded ones, and all have the same number
/// of digits: the fewest that tell them apart (Heckbert, "Nice numbers for graph labels",
/// Graphics Gems 1990).
public struct AxisTicks: Equatable, Sendable {
    /// Tick k stands at k · mantissa · 10^exponent.
    let multiples: ClosedRange<Int>
    let mantissa: Int
    let exponent: Int

    /// Ticks about `count` steps apart; the first and last lie at or outside the range.
    ///
    /// - Precondition: `low < high`, both finite, their distance a normal number.
    public init(covering low: Double, _ high: Double, count: Int) {
        let rough = (high - low) / Double(max(1, count))
        var digits = DecimalDigits(rough)
        digits.round(toDigits: 3)
        var exponent = digits.exponent - 1
        let leading = rough / powerOfTen(exponent)
        let mantissa: Int
        switch leading {
        case ..<1.5: mantissa = 1
        case ..<3: mantissa = 2
        case ..<7: mantissa = 5
        default:
            mantissa = 1
            exponent += 1
        }
        self.mantissa = mantissa
        self.exponent = exponent
        let step = Double(mantissa) * powerOfTen(exponent)
        // The tolerance keeps 0.3 / 0.1 from needing a fourth step.
        let first = (low / step + 1e-9).rounded(.down)
        let last = (high / step - 1e-9).rounded(.up)
        let limit = 9e17
        let start = Int(min(max(first, -limit), limit))
        multiples = start...max(start, Int(min(max(last, -limit), limit)))
    }

    /// Ticks at whole numbers, for ranges too short for longer steps.
    ///
    /// - Precondition: Both limits are whole numbers within ±2^53, a few apart.
    init(wholeNumbersFrom low: Double, to high: Double) {
        mantissa = 1
        exponent = 0
        multiples = Int(low.rounded())...Int(high.rounded())
    }

    func value(_ multiple: Int) -> Double {
        let whole = Double(multiple * mantissa)
        return exponent < 0 ? whole / powerOfTen(-exponent) : whole * powerOfTen(exponent)
    }

    public var values: [Double] { multiples.map(value) }

    /// Labels of one form for all ticks: plain decimals, or a common power of ten at the extremes.
    public var labels: [String] {
        let largest = max(multiples.lowerBound.magnitude, multiples.upperBound.magnitude)
        // The largest label is 0.d₁d₂… × 10^leading.
        let leading = String(largest * UInt(mantissa)).count + exponent
        if (-2...6).contains(leading) || largest == 0 {
            return multiples.map {
                decimalText(
                    $0 * mantissa, decimals: max(0, -exponent), scale: max(0, exponent))
            }
        }
        let shared = leading - 1
        return multiples.map {
            let text = decimalText($0 * mantissa, decimals: max(0, shared - exponent), scale: 0)
            return $0 == 0 ? "0" : "\(text)e\(shared)"
        }
    }

    /// `whole` · 10^scale with its last `decimals` digits behind the point.
    private func decimalText(_ whole: Int, decimals: Int, scale: Int) -> String {
        var digits = String(whole.magnitude)
        if whole != 0 { digits += String(repeating: "0", count: scale) }
        if digits.count <= decimals {
            digits = String(repeating: "0", count: decimals + 1 - digits.count) + digits
        }
        if decimals > 0 {
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
        }
        return (whole < 0 ? "-" : "") + digits
    }
}

/// 10^exponent, correctly rounded.
func powerOfTen(_ exponent: Int) -> Double {
    Double("1e\(exponent)") ?? 0
}
