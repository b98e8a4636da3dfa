/// A prompt in the form libedit wants: escape sequences between pairs of \u{1}.
///
/// libedit loses a sequence that no character follows and muddles two in a row, so there is one
/// sequence at every change of style, and the reset stands before the last character.
func promptText(_ prompt: StyledLine, capabilities: TerminalCapabilities) -> String {
    var output = ""
    var isStyled = false
    let spans = prompt.spans.map { span in
        (
            text: capabilities.unicode ? span.text : asciiText(span.text),
            codes: span.style.codes(for: capabilities)
        )
    }
    for (index, span) in spans.enumerated() {
        let isLast = index == spans.count - 1
        var codes = span.codes.map(String.init)
        if isStyled { codes.insert("0", at: 0) }
        isStyled = !span.codes.isEmpty
        if !codes.isEmpty { output += "\u{1}\u{1B}[\(codes.joined(separator: ";"))m\u{1}" }
        if isLast, isStyled {
            let space = span.text.last == " " ? "" : " "
            let text = span.text + space
            output += text.dropLast() + "\u{1}\u{1B}[0m\u{1}" + text.suffix(1)
        } else {
            output += span.text
        }
    }
    return output
}
