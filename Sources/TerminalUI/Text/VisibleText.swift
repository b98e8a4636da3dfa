/// Text made safe to print: whatever a model or a file says, it cannot move the cursor, clear the
/// screen or reverse the reading direction.
///
/// Control characters are shown as `cat -v` does (`^[` for escape), a tab as four spaces, a line
/// break as one space. Characters that show nothing by themselves (zero-width spaces, soft hyphens,
/// tags outside of flags) are left out: terminals do not agree on their width. Of accents on one
/// letter a few stay; more would run over the lines above and below.
func visibleText(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var visible = ""
    for character in text {
        if character.isNewline {
            visible.append(" ")
            continue
        }
        let isFlag = character.unicodeScalars.first?.value == 0x1F3F4
        for scalar in character.unicodeScalars.prefix(mostScalars) {
            switch scalar.value {
            case 0x09: visible.append("    ")
            case 0x00..<0x20:
                visible.append("^" + String(Unicode.Scalar(UInt8(scalar.value) + 0x40)))
            case 0x7F: visible.append("^?")
            case 0x80..<0xA0: visible.append("?")
            case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: break
            case 0xAD, 0x200B, 0x2060...0x2064, 0xFEFF, 0xFFF9...0xFFFB: break
            case 0xE0000...0xE007F where !isFlag: break
            default: visible.unicodeScalars.append(scalar)
            }
        }
    }
    return visible
}

/// Emoji of families have eleven.
private let mostScalars = 16

/// The text in ASCII, with the same width, for terminals that show nothing else.
func asciiText(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var folded = ""
    for character in text {
        if let value = character.unicodeScalars.first, value.isASCII {
            folded.unicodeScalars.append(value)
        } else if let known = asciiForms[character] {
            folded.append(known)
        } else {
            folded.append(String(repeating: "?", count: displayWidth(of: character)))
        }
    }
    return folded
}

private let asciiForms: [Character: Character] = [
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "‘": "'", "’": "'", "“": "\"", "”": "\"",
    "…": ".", "×": "x", "·": ".", "•": "*", "→": ">", "←": "<", "±": "+", "≤": "<", "≥": ">",
    "≈": "~", "\u{A0}": " ", "²": "2", "√": "v", "✓": "v", "✗": "x", "●": "*", "░": ".",
    // The letters of formulas, by the letters that they come from.
    "α": "a", "β": "b", "γ": "g", "δ": "d", "ε": "e", "θ": "t", "λ": "l", "μ": "m", "π": "p",
    "ρ": "r", "σ": "s", "Σ": "S",
    // Curves in one line, as `Sparkline` draws them, and frames.
    "▁": "_", "▂": ".", "▃": ":", "▄": "-", "▅": "=", "▆": "+", "▇": "*", "█": "#",
    "─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+",
    "┴": "+", "┼": "+",
]
