import Testing

@testable import TerminalUI

struct CompletionTests {
    private func step(
        _ line: String, _ candidates: [String], cursor: Int? = nil, repeated: Bool = false
    ) -> CompletionStep {
        CompletionStep(
            CompletionRequest(line: line, cursor: cursor ?? line.unicodeScalars.count),
            candidates: candidates.map { Completion($0) }, isRepeated: repeated)
    }

    @Test func theOnlyOneIsTakenWithASpace() {
        #expect(step(":tr", [":train", ":split"]) == .replaceWord(":train "))
        #expect(step(":tr x", [":train"], cursor: 3) == .replaceWord(":train"))
    }

    @Test func aFolderGetsNoSpace() {
        let request = CompletionRequest(line: "Tu", cursor: 2)
        let folder = Completion("Tutorials/", appendsSpace: false)
        #expect(
            CompletionStep(request, candidates: [folder], isRepeated: false)
                == .replaceWord("Tutorials/"))
    }

    @Test func severalAgreeAsFarAsTheyCanThenAreListed() {
        #expect(step(":t", [":train", ":tray"]) == .replaceWord(":tra"))
        #expect(step(":tra", [":train", ":tray"]) == .none)
        #expect(
            step(":tra", [":train", ":tray"], repeated: true)
                == .list([Completion(":train"), Completion(":tray")]))
        #expect(step(":x", [":train"]) == .none)
    }

    @Test(arguments: [
        (":load data", "data"), (":load ", ""), (":load \"my fi", "\"my fi"),
        (":load my\\ fi", "my\\ fi"), ("'a b' c", "c"), ("héllo wörld", "wörld"),
    ])
    func theWordEndsAtTheCursor(line: String, word: String) {
        let request = CompletionRequest(line: line, cursor: line.unicodeScalars.count)
        #expect(request.word == word)
    }

    @Test func theListShowsColumnsOrDescriptions() {
        let names = CompletionList(
            completions: ["aa", "bb", "cc", "dd", "ee"].map { Completion($0) })
        #expect(plainText(names, width: 13) == ["aa  cc  ee", "bb  dd"])
        let described = CompletionList(completions: [
            Completion(":train", description: "trains a model"), Completion(":set"),
        ])
        #expect(plainText(described, width: 20) == [":train  trains a mo…", ":set"])
        let many = CompletionList(completions: (0..<100).map { Completion("\($0)") })
        #expect(plainText(many, width: 20).count == 20)
        #expect(plainText(many, width: 7).count == 40)
    }

    @Test func whatIsLongerThanTheScreenComesInParts() {
        let all = (1...10).map { Completion("\($0)", description: "d") }
        func part(_ number: Int) -> [String] {
            plainText(CompletionList(completions: all, mostLines: 5, part: number), width: 30)
        }
        #expect(part(0) == ["1   d", "2   d", "3   d", "4   d", "1 to 4 of 10; Tab goes on"])
        #expect(part(2) == ["9   d", "10  d", "9 to 10 of 10; Tab goes on"])
        #expect(part(3) == part(0))
    }
}
