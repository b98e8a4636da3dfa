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

    @Test(
        arguments: [
            "She is in Boston.", "Who is in charge?", "What time is dinner in Rome?",
            "My son is in bed; he won't sleep.", "No, do as they say.",
            "What do I do if no bus runs?",
        ])
    func shortEnglishIsEnglishOrUndecided(text: String) {
        let code = LanguageGuess.language(of: text)
        #expect(code == nil || code == "en", "\(text): \(code ?? "")")
    }

    @Test(
        arguments: [
            ("de", "Ich war gestern in der Stadt und habe mit dem Mann im Laden gesprochen."),
            ("fr", "Je ne sais pas ce que nous pouvons faire pour les enfants dans la maison."),
            ("es", "No se puede vivir en el campo sin agua, pero con la lluvia es más fácil."),
            ("it", "Non so come si fa la pasta con il pesce, ma mi piace di più al forno."),
            ("pt", "Eu não sei como se faz o pão, mas você pode comprar um na padaria ao lado."),
            ("nl", "Ik weet niet wat we van de winkel nodig hebben, maar hij gaat naar huis."),
            ("en", "I do not know what we need from the shop, but he is on the way home."),
        ])
    func sentencesOfEachLanguageAreTold(code: String, text: String) {
        #expect(LanguageGuess.language(of: text) == code)
    }
}
