import Testing

@testable import Notebook

struct PromptFrameTests {
    private func prompts(_ make: (Int) -> String) -> [String] { (1...25).map(make) }

    @Test func whatAllPromptsShareIsTheFrame() throws {
        let frame = try #require(
            PromptFrame(of: prompts { "Question: how many are \($0) of them?\n\nAnswer:" }))
        #expect(frame.before == "Question: how many are ")
        #expect(frame.after == " of them?\n\nAnswer:")
        #expect(frame.filled("two") == "Question: how many are two of them?\n\nAnswer:")
    }

    @Test func wordsAreNotCut() throws {
        let frame = try #require(PromptFrame(of: prompts { "Tell me about thing\($0)" }))
        #expect(frame.before == "Tell me about ")
        #expect(frame.after == "")
    }

    @Test func lettersOfSeveralBytesAreNotCut() throws {
        let letters = ["é", "è", "ê", "ë", "à"]
        let frame = try #require(
            PromptFrame(of: prompts { "Où est \(letters[$0 % 5])\($0) là ?" }))
        #expect(frame.before == "Où est ")
        #expect(frame.after == " là ?")
    }

    @Test func aWholePromptIsLeftAsItIs() throws {
        let frame = try #require(PromptFrame(of: prompts { "Say \($0) now" }))
        #expect(frame.filled("Say it now") == "Say it now")
    }

    @Test func fewOrUnlikePromptsHaveNoFrame() {
        #expect(PromptFrame(of: (1...19).map { "Say \($0) now" }) == nil)
        #expect(PromptFrame(of: prompts { "\($0) and so on \($0)" }) == nil)
        #expect(PromptFrame(of: []) == nil)
        // Many rows, but few different prompts.
        #expect(PromptFrame(of: (1...100).map { "Say \($0 % 5) now" }) == nil)
    }
}
