/// A number as decimal digits: 0.d₁d₂d₃… × 10^exponent.
///
/// It starts from the shortest digits that name the `Double`, so that 0.15 rounds as 0.15 does on
/// paper, halves away from zero.
struct DecimalDigits: Equatable {
    var isNegative: Bool
    /// Without zeros in front; empty for zero.
    var digits: [UInt8]
    var exponent: Int

    /// - Precondition: `value` is finite.
    init(_ value: Double) {
        isNegative = value < 0
        digits = []
        exponent = 0
        var pointPlace: Int?
        var shift = 0
        let text = Array(value.magnitude.description.utf8)
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: "e") {
                shift = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
                break
            }
            if byte == UInt8(ascii: ".") {
                pointPlace = digits.count
            } else {
                digits.append(byte - UInt8(ascii: "0"))
            }
        }
        exponent = (pointPlace ?? digits.count) + shift
        while digits.first == 0 {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.last == 0 { digits.removeLast() }
        if digits.isEmpty { exponent = 1 }
    }

    /// Keeps `count` digits.
    mutating func round(toDigits count: Int) {
        if count >= digits.count { return }
        let roundsUp = count >= 0 && digits[count] >= 5
        digits = Array(digits.prefix(max(0, count)))
        if roundsUp { increment() }
        while digits.last == 0 { digits.removeLast() }
        if digits.isEmpty { exponent = 1 }
    }

    /// Keeps `count` digits behind the point.
    mutating func round(toDecimals count: Int) {
        round(toDigits: exponent + count)
    }

    private mutating func increment() {
        var index = digits.count - 1
        while index >= 0 {
            if digits[index] < 9 {
                digits[index] += 1
                return
            }
            digits[index] = 0
            index -= 1
        }
        digits.insert(1, at: 0)
        exponent += 1
    }

    /// The number with exactly `count` digits behind the point; nothing is rounded here.
    func text(decimals count: Int) -> String {
        func digit(_ place: Int) -> Character {
            let value = place >= 0 && place < digits.count ? digits[place] : 0
            return Character(Unicode.Scalar(UInt8(ascii: "0") + value))
        }
        var text = isNegative && !digits.isEmpty ? "-" : ""
        if exponent <= 0 { text.append("0") }
        for place in 0..<max(0, exponent) { text.append(digit(place)) }
        if count > 0 {
            text.append(".")
            for place in 0..<count { text.append(digit(exponent + place)) }
        }
        return text
    }
}
