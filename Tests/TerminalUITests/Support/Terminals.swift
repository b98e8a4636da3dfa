import TerminalUI

/// A terminal with everything, of so many columns.
func terminal(columns: Int = 80) -> TerminalCapabilities {
    TerminalCapabilities(
        isTerminal: true, columns: columns, colorDepth: .ansi256, styles: true, unicode: true,
        cursorControl: true)
}

/// Unicode text without colours.
func unicodeFile(columns: Int = 80) -> TerminalCapabilities {
    TerminalCapabilities(columns: columns, unicode: true)
}

/// The characters of the lines, without styles.
func plainText(
    _ part: some Renderable, width: Int, capabilities: TerminalCapabilities = unicodeFile()
) -> [String] {
    part.lines(width: width, capabilities: capabilities).map { line in
        var text = line.plainText[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

/// The text without escape sequences.
func withoutStyles(_ text: String) -> String {
    var output = ""
    var isInside = false
    for scalar in text.unicodeScalars {
        if scalar == "\u{1B}" {
            isInside = true
        } else if isInside {
            isInside = !(scalar.properties.isAlphabetic)
        } else {
            output.unicodeScalars.append(scalar)
        }
    }
    return output
}
