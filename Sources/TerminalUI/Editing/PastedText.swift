/// Pasted text as it enters a line: line breaks are newlines, other control characters are gone, a
/// prompt copied with its line is gone, and no newline stands at the end.
///
/// - Parameter prompt: The present prompt; other numbers in it are taken for it too.
func pastedText(_ text: String, prompt: String) -> String {
    let prompt = trimmed(prompt)
    let lines = normalizedBreaks(text).split(separator: "\n", omittingEmptySubsequences: false)
        .map { line in
            let clean = String(String.UnicodeScalarView(line.unicodeScalars.filter(isText)))
            return withoutPrompt(clean, prompt)
        }
    var result = lines.joined(separator: "\n")
    while result.last == "\n" { result.removeLast() }
    return result
}

private func isText(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\t" || (scalar.value >= 0x20 && scalar.value != 0x7F)
}

/// The terminal may have swapped carriage return and newline, so a pair in either order is one.
private func normalizedBreaks(_ text: String) -> String {
    var output = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
        let isBreak = scalar == "\r" || scalar == "\n"
        if isBreak, let before = previous, before != scalar {
            previous = nil
            continue
        }
        output.append(isBreak ? "\n" : scalar)
        previous = isBreak ? scalar : nil
    }
    return String(output)
}

private func withoutPrompt(_ line: String, _ prompt: String) -> String {
    if prompt.isEmpty { return line }
    var rest = Substring(line)
    var pattern = Substring(prompt)
    while let expected = pattern.first {
        if expected.isNumber, rest.first?.isNumber == true {
            pattern = pattern.drop(while: \.isNumber)
            rest = rest.drop(while: \.isNumber)
        } else if rest.first == expected {
            pattern.removeFirst()
            rest.removeFirst()
        } else {
            return line
        }
    }
    return rest.first == " " ? String(rest.dropFirst()) : String(rest)
}
