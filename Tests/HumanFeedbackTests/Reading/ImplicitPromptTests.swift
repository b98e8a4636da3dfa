import Testing

@testable import HumanFeedback

@Suite struct ImplicitPromptTests {
    private typealias Parts = ImplicitPrompt.Parts

    @Test func plainTextsAreCutWhereTheyDifferAtAWord() throws {
        let parts = try ImplicitPrompt.parts(
            chosen: "The sky is blue.", rejected: "The sky is black.")
        #expect(parts == Parts(prompt: "The sky is", chosen: " blue.", rejected: " black."))
    }

    @Test func aWordIsNotCutWhenOneTextEndsInIt() throws {
        let parts = try ImplicitPrompt.parts(chosen: "Go on", rejected: "Go onwards")
        #expect(parts == Parts(prompt: "Go", chosen: " on", rejected: " onwards"))
    }

    @Test func whiteSpaceBelongsToTheAnswers() throws {
        let parts = try ImplicitPrompt.parts(chosen: "Q?\n\nYes", rejected: "Q?\n\nNo")
        #expect(parts == Parts(prompt: "Q?", chosen: "\n\nYes", rejected: "\n\nNo"))
    }

    @Test func textsWithNothingInCommonHaveAnEmptyPrompt() throws {
        #expect(
            try ImplicitPrompt.parts(chosen: "Yes", rejected: "No")
                == Parts(prompt: "", chosen: "Yes", rejected: "No"))
        #expect(
            try ImplicitPrompt.parts(chosen: "same", rejected: "same")
                == Parts(prompt: "", chosen: "same", rejected: "same"))
    }

    @Test func markedConversationsAreCutAfterTheLastAssistant() throws {
        let context = "\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Name a fruit\n\nAssistant:"
        let parts = try ImplicitPrompt.parts(
            chosen: context + " I like apples", rejected: context + " I like cars")
        #expect(
            parts == Parts(prompt: context, chosen: " I like apples", rejected: " I like cars"))
    }

    @Test func differentMarkedConversationsAreRefused() {
        #expect(throws: Refusal(reason: .differentPrompts)) {
            try ImplicitPrompt.parts(
                chosen: "\n\nHuman: A\n\nAssistant: x", rejected: "\n\nHuman: B\n\nAssistant: x")
        }
    }

    @Test(arguments: 0..<100) func promptAndAnswerGiveTheTextAgain(seed: Int) throws {
        var random = RandomTexts(seed: seed)
        let start = random.text()
        let chosen = start + random.text()
        let rejected = start + random.text()
        let parts = try ImplicitPrompt.parts(chosen: chosen, rejected: rejected)
        #expect((parts.prompt + parts.chosen).utf8.elementsEqual(chosen.utf8))
        #expect((parts.prompt + parts.rejected).utf8.elementsEqual(rejected.utf8))
        #expect(parts.prompt.unicodeScalars.last?.properties.isWhitespace != true)
    }
}
