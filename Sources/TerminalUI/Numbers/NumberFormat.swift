// Numbers as people read them, the same on every machine and in every locale.

/// A value with so many significant digits: 0.412, 38.2, 1235, 3.00e-5.
///
/// Digits before the point are never rounded away below a million; very large and very small
/// values get an exponent. Zeros at the end are kept, so that columns and counters stand still.
public func formatted(_ value: Double, significantDigits: Int = 3) -> String {
    if let word = nameOfNonFinite(value) { return word }
    let wanted = max(1, significantDigits)
    var number = DecimalDigits(value)
    if number.digits.isEmpty { return "0" }
    let integerDigits = number.exponent
    number.round(toDigits: integerDigits <= 6 ? max(wanted, integerDigits) : wanted)
    if number.exponent > 6 || number.exponent < -3 {
        var mantissa = number
        mantissa.exponent = 1
        return mantissa.text(decimals: wanted - 1) + "e\(number.exponent - 1)"
    }
    return number.text(decimals: max(0, wanted - number.exponent))
}

/// A value with so many digits behind the point.
public func formatted(_ value: Double, decimals: Int) -> String {
    if let word = nameOfNonFinite(value) { return word }
    var number = DecimalDigits(value)
    number.round(toDecimals: max(0, decimals))
    return number.text(decimals: max(0, decimals))
}

/// A fraction as per cent: 0.6 is "60%".
public func formatted(fraction: Double, decimals: Int = 0) -> String {
    formatted(fraction * 100, decimals: decimals) + "%"
}

/// A count with commas: 12,345.
public func formatted(count: Int) -> String {
    let digits = String(count.magnitude)
    var text = count < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return text
}

/// A size in powers of 1000: 512 B, 1.5 kB, 23.4 MB.
public func formatted(bytes: Int) -> String {
    if bytes.magnitude < 1000 { return "\(bytes) B" }
    var value = Double(bytes)
    var unit = ""
    for next in ["kB", "MB", "GB", "TB", "PB", "EB"] {
        value /= 1000
        unit = next
        // 999.95 kB would be written 1000.0 kB.
        if abs(value) < 999.95 { break }
    }
    return formatted(value, decimals: 1) + " " + unit
}

private func nameOfNonFinite(_ value: Double) -> String? {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return nil
}
