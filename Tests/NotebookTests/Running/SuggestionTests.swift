import Testing

@testable import Notebook

struct SuggestionTests {
    private let names = ["train", "tokenize", "inspect", "label", "plot", "quit"]

    @Test(arguments: [
        ("kitten", "sitting", 3), ("abc", "abc", 0), ("", "abc", 3), ("abc", "", 3),
        ("trian", "train", 1), ("ca", "abc", 3), ("Plot", "plot", 0),
    ])
    func slipsAreCounted(first: String, second: String, count: Int) {
        #expect(Suggestion.slips(from: first, to: second) == count)
        #expect(Suggestion.slips(from: second, to: first) == count)
    }

    @Test(arguments: [
        ("trian", "train"), ("plott", "plot"), ("plt", "plot"), ("tokenise", "tokenize"),
        ("insp", "inspect"), ("lable", "label"), ("qit", "quit"),
    ])
    func theNearestNameIsFound(word: String, name: String) {
        #expect(Suggestion.nearest(to: word, among: names) == name)
    }

    @Test(arguments: ["help", "evaluate", "x", "t", "zzzzzz"])
    func aDistantWordHasNoSuggestion(word: String) {
        #expect(Suggestion.nearest(to: word, among: names) == nil)
    }
}
