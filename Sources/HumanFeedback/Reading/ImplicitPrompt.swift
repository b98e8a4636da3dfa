/// The prompt hidden at the start of two full texts.
///
/// Rows `{"chosen", "rejected"}` hold prompt and answer in one text. Texts with the markers of
/// Anthropic's hh-rlhf (`\n\nHuman: … \n\nAssistant: …`) are cut after the last `\n\nAssistant:`,
/// which must follow the same conversation in both. Other texts are cut where they first differ,
/// moved back to the start of the word; the white space before it belongs to the answers. Answers
/// that start with the same words lose those words to the prompt: an explicit prompt is better.
enum ImplicitPrompt {
    struct Parts: Equatable {
        let prompt: String
        let chosen: String
        let rejected: String
    }

    private static let marker = Array("\n\nAssistant:".unicodeScalars)

    /// Cuts both texts.
    ///
    /// - Throws: `Refusal` with `.differentPrompts` when marked conversations differ.
    static func parts(chosen: String, rejected: String) throws(Refusal) -> Parts {
        let a = Array(chosen.unicodeScalars)
        let b = Array(rejected.unicodeScalars)
        if let cutA = endOfLastMarker(a), let cutB = endOfLastMarker(b) {
            guard a[..<cutA] == b[..<cutB] else { throw Refusal(reason: .differentPrompts) }
            return parts(a, b, cut: cutA)
        }
        return parts(a, b, cut: a == b ? 0 : commonPrefix(a, b))
    }

    private static func parts(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], cut: Int) -> Parts {
        Parts(prompt: text(a[..<cut]), chosen: text(a[cut...]), rejected: text(b[cut...]))
    }

    private static func commonPrefix(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var cut = 0
        while cut < a.count, cut < b.count, a[cut] == b[cut] { cut += 1 }
        let isInsideWord = { (text: [Unicode.Scalar]) in
            cut > 0 && cut < text.count && !isSpace(text[cut - 1]) && !isSpace(text[cut])
        }
        if isInsideWord(a) || isInsideWord(b) {
            while cut > 0, !isSpace(a[cut - 1]) { cut -= 1 }
        }
        while cut > 0, isSpace(a[cut - 1]) { cut -= 1 }
        return cut
    }

    private static func endOfLastMarker(_ text: [Unicode.Scalar]) -> Int? {
        guard text.count >= marker.count else { return nil }
        for start in stride(from: text.count - marker.count, through: 0, by: -1)
        where text[start..<(start + marker.count)].elementsEqual(marker) {
            return start + marker.count
        }
        return nil
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
