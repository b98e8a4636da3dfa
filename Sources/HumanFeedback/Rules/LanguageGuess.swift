/// Which language a text is written in, by its commonest words; for checks of answers, not of
/// single words.
///
/// Cavnar and Trenkle 1994 count n-grams; for answers of a sentence or more the closed word classes
/// (articles, pronouns, prepositions) tell these languages apart as well and can be read. Short or
/// mixed texts are undecided rather than guessed.
public enum LanguageGuess {
    /// The two-letter codes of the languages that are told apart.
    public static var known: [String] { words.map(\.code) }

    /// The language's code; nil where fewer than two words speak for it, or as many for another.
    public static func language(of text: String) -> String? {
        let found = wordsOf(text)
        var best: (code: String, count: Int)?
        var isTied = false
        for (code, list) in words {
            let count = found.count { list.contains($0) }
            if count > (best?.count ?? 0) {
                best = (code, count)
                isTied = false
            } else if count > 0, count == best?.count {
                isTied = true
            }
        }
        guard let best, best.count >= 2, !isTied else { return nil }
        return best.code
    }

    private static func wordsOf(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && $0 != "'" }.map(String.init)
    }

    private static let words: [(code: String, words: Set<String>)] = [
        ("en", "the and of to is it that you for with are on this be not have your as at from a"),
        ("de", "der die das und ist nicht ein eine zu den mit sich des auf für sie ich es von im"),
        ("fr", "le la les et est un une des que pour pas dans vous ce qui du au avec sur il"),
        ("es", "el la los las y es un una que de en por para con no se del lo su como"),
        ("it", "il lo la gli e è un una che di per non con del della sono si da al più"),
        ("pt", "o os as e é um uma que de para não com do da em se por no na mais"),
        ("nl", "de het een en is niet van dat in te op voor met zijn je aan er ook maar bij"),
    ].map { ($0.0, Set($0.1.split(separator: " ").map(String.init))) }
}
