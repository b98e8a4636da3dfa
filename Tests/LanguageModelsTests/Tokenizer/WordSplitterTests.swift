import Testing

@testable import LanguageModels

@Suite struct WordSplitterTests {
    static func words(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        let span = bytes.span
        var words: [String] = []
        var start = 0
        while start < bytes.count {
            let end = WordSplitter.endOfWord(in: span, from: start)
            words.append(String(decoding: bytes[start..<end], as: UTF8.self))
            start = end
        }
        return words
    }

    @Test(arguments: [
        ("Hello my friend, how's it?", ["Hello", " my", " friend", ",", " how", "'s", " it", "?"]),
        ("we'll've DON'T", ["we", "'ll", "'ve", " DON", "'", "T"]),
        ("a  b", ["a", " ", " b"]), ("a \n b ", ["a", " \n", " b", " "]),
        ("a\n\nb", ["a", "\n", "\n", "b"]), ("  ", ["  "]), ("a   ", ["a", "   "]),
        ("x\u{A0}y", ["x", "\u{A0}", "y"]), (" \u{3000}語", [" ", "\u{3000}", "語"]),
        ("1a2 3²Ⅷ", ["1", "a", "2", " 3²Ⅷ"]), ("'s''s", ["'s", "''", "s"]),
        (" 's", [" '", "s"]), ("e\u{301}a", ["e", "\u{301}", "a"]),
        ("'l'r'v", ["'", "l", "'", "r", "'", "v"]),
        ("'", ["'"]), ("", []),
    ])
    func splitsAsTheRegularExpressionDoes(text: String, words: [String]) {
        #expect(Self.words(text) == words)
    }
}
