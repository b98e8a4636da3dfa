import Testing

@testable import HumanFeedback

@Suite struct PhraseFinderTests {
    private func found(_ phrases: [String], in text: String, ignoresCase: Bool = false) -> [String]
    {
        let bytes = Array(text.utf8)
        return PhraseFinder(phrases, ignoresCase: ignoresCase).matches(in: bytes).map { match in
            #expect(match.range.count == phrases[match.phrase].utf8.count)
            return String(decoding: bytes[match.range], as: UTF8.self)
        }
    }

    @Test("The longest phrase at a place wins")
    func longest() {
        #expect(
            found(["I hope", "I hope so."], in: "I hope so. I hope not.") == [
                "I hope so.", "I hope",
            ])
    }

    @Test("A phrase that breaks off falls back to the shorter one")
    func fallsBack() {
        #expect(found(["a b", "a b c d", "c"], in: "a b c e") == ["a b", "c"])
    }

    @Test("Matches do not overlap")
    func noOverlap() {
        #expect(found(["a b", "b c"], in: "a b c") == ["a b"])
        #expect(found(["a a"], in: "a a a a") == ["a a", "a a"])
    }

    @Test("A phrase neither begins nor ends inside a word")
    func wordBoundaries() {
        #expect(found(["car"], in: "scar care car's car.") == ["car", "car"])
        #expect(found(["Yes."], in: "Yes.Yes.") == ["Yes.", "Yes."])
        #expect(found(["caf"], in: "café").isEmpty)
        #expect(found(["7"], in: "77 7") == ["7"])
    }

    @Test("Letters beyond ASCII match exactly, whatever is said about case")
    func beyondASCII() {
        #expect(found(["Été"], in: "ÉTÉ Été", ignoresCase: true) == ["Été"])
        #expect(found(["straße"], in: "STRAßE", ignoresCase: true) == ["STRAßE"])
    }

    @Test(
        "Words are runs without white space", arguments: [("", 0), (" a\tb \n", 2), ("a-b c.", 2)])
    func words(text: String, count: Int) {
        #expect(wordCount(of: Array(text.utf8)[...]) == count)
    }

    @Test(
        "Quotation marks, dashes and characters of scripts without spaces end a word, letters do not",
        arguments: [
            ("You “idiot”.", 1), ("You idiot—stop.", 1), ("You idiot…", 1), ("idiot’s", 1),
            ("«idiot»", 1), ("他是idiot吗", 1), ("idiotä", 0), ("ïdiot idiots", 0),
            ("idiote\u{301}", 0),
            ("idiot\u{301}", 0),
        ])
    func boundaries(text: String, count: Int) {
        let finder = PhraseFinder(["idiot"], ignoresCase: true)
        #expect(finder.matches(in: Array(text.utf8)).count == count, "\(text)")
    }
}
