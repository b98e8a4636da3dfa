import Testing

@testable import HumanFeedback

struct HiddenCharactersTests {
    @Test(arguments: [
        "a\u{1B}[2J", "bell\u{7}", "\u{9B}31m", "nul\u{0}", "back\u{8}", "del\u{7F}",
        "\u{202E}fdp.exe", "a\u{2066}b\u{2069}", "zero\u{200B}width", "\u{FEFF}bom",
        "a\u{E0041}\u{E0042}b", "word\u{2060}joined",
    ])
    func whatIsNotSeenIsFound(text: String) { #expect(HiddenCharacters.isIn(text)) }

    @Test(arguments: [
        "plain\ttext\r\nof two lines", "“quotes” – dashes… € ✓", "a b c", "soft\u{AD}hyphen",
        "👩‍👩‍👧‍👦 and 👩🏽‍💻", "می\u{200C}خواهم", "שלום\u{200F}!", "e\u{301}",
        "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F} flag", "",
    ])
    func honestTextHasNone(text: String) { #expect(!HiddenCharacters.isIn(text)) }

    @Test func theFirstIsNamedWithWhatStandsAround() {
        #expect(
            HiddenCharacters.named("click \u{202E}here\u{202C}") == "click ‹U+202E›here\u{202C}")
        let long = String(repeating: "x", count: 100)
        #expect(HiddenCharacters.named(long + "\u{7}" + long).unicodeScalars.count == 68)
    }

    @Test func lintCountsTheRows() throws {
        let rows = [
            #"{"prompt":"p","chosen":"good \u001b[31mred","rejected":"bad."}"#,
            #"{"prompt":"q","chosen":"good.","rejected":"bad."}"#,
            #"{"prompt":"r\u200b","chosen":"good.","rejected":"bad."}"#,
        ]
        var collector = LintCollector()
        collector.add(try read(rows.joined(separator: "\n")))
        let found = try #require(
            collector.finish().findings.first { $0.reason == .hiddenCharacters })
        #expect(found.count == 2 && found.lines == [1, 3])
        #expect(found.example == "good ‹U+001B›[31mred")
    }
}
