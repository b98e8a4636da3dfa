/// Which language a text is written in, by its commonest words; for checks of answers, not of
/// single words.
///
/// Cavnar and Trenkle 1994 count n-grams; for answers of a sentence or more the closed word classes
/// (articles, pronouns, prepositions) tell these languages apart as well and can be read. Short or
/// mixed texts are undecided rather than guessed.
public enum LanguageGuess {
    /// The two-letter codes of the languages that are told apart.
    public static var known: [String] { words.map(\.code) }

    /// The language's code; nil where fewer than two words speak for it, or another has more than two
    /// thirds as many.
    public static func language(of text: String) -> String? {
        let found = wordsOf(text)
        var best: (code: String, count: Int)?
        var second = 0
        for (code, list) in words {
            let count = found.count { list.contains($0) }
            if count > (best?.count ?? 0) {
                second = best?.count ?? 0
                best = (code, count)
            } else {
                second = max(second, count)
            }
        }
        guard let best, best.count >= 2, 2 * best.count >= 3 * second else { return nil }
        return best.code
    }

    private static func wordsOf(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && $0 != "'" }.map(String.init)
    }

    private static let words: [(code: String, words: Set<String>)] = [
        (
            "en",
            "the and of to is it that you for with are on this be not have your as at from a in i do no "
                + "he she we they was what my can if or but who how"
        ),
        (
            "de",
            "der die das und ist nicht ein eine zu den mit sich des auf für sie ich es von im in wir er "
                + "war was wie dem aber oder wenn kann man"
        ),
        (
            "fr",
            "le la les et est un une des que pour pas dans vous ce qui du au avec sur il je nous en mais "
                + "ou de à elle son"
        ),
        (
            "es",
            "el la los las y es un una que de en por para con no se del lo su como pero muy más yo mi"
        ),
        (
            "it",
            "il lo la gli e è un una che di per non con del della sono si da al più in le ma come i mi"
        ),
        (
            "pt",
            "o os as e é um uma que de para não com do da em se por no na mais eu mas você ao como"
        ),
        (
            "nl",
            "de het een en is niet van dat in te op voor met zijn je aan er ook maar bij ik hij we was "
                + "wat naar die dit"
        ),
    ].map { ($0.0, Set($0.1.split(separator: " ").map(String.init))) }
}
