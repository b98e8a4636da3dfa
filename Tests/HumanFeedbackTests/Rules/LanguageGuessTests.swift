import Testing

@testable import HumanFeedback

@Suite struct LanguageGuessTests {
    @Test(arguments: [
        ("en", "Keep the room cool and dark. Go to bed at the same time each night."),
        ("de", "Gehen Sie jeden Abend zur selben Zeit ins Bett, und lüften Sie das Zimmer."),
        ("fr", "Gardez la chambre fraîche et sombre, et ne buvez pas de café dans la soirée."),
        ("es", "Mantenga la habitación fresca y oscura, y no tome café por la tarde."),
        ("it", "Vada a letto alla stessa ora e non beva il caffè la sera, è più facile."),
        ("pt", "Mantenha o quarto fresco e escuro, e não tome café no fim da tarde."),
        ("nl", "Ga elke avond op dezelfde tijd naar bed en drink niet te laat koffie in het huis."),
    ])
    func commonWordsTellLanguagesApart(code: String, text: String) {
        #expect(LanguageGuess.language(of: text) == code)
    }

    @Test func shortOrStrangeTextsAreUndecided() {
        #expect(LanguageGuess.language(of: "Sure!") == nil)
        #expect(LanguageGuess.language(of: "") == nil)
        #expect(LanguageGuess.language(of: "zzxq brrf plonk") == nil)
        #expect(LanguageGuess.language(of: "Спи в прохладной комнате") == nil)
    }
}
