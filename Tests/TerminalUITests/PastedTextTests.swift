import Testing

@testable import TerminalUI

struct PastedTextTests {
    @Test(arguments: [
        ("a\rb", "a\nb"), ("a\r\nb", "a\nb"), ("a\n\rb", "a\nb"), ("a\n\nb", "a\n\nb"),
        ("a\r\n\r\nb", "a\n\nb"), ("a\n\n\n", "a"), ("", ""),
    ])
    func lineBreaksBecomeNewlines(pasted: String, text: String) {
        #expect(pastedText(pasted, prompt: "") == text)
    }

    @Test func controlCharactersAreDropped() {
        #expect(pastedText("a\u{1B}[31mb\u{3}\tc\u{7F}", prompt: "") == "a[31mb\tc")
    }

    @Test func promptsThatWereCopiedAreDropped() {
        let prompt = "rlhf [3]> "
        #expect(pastedText("rlhf [12]> :load a\n:x\nrlhf [4]>", prompt: prompt) == ":load a\n:x")
        #expect(pastedText("rlhf [a]> b", prompt: prompt) == "rlhf [a]> b")
        #expect(pastedText("> quoted", prompt: "") == "> quoted")
    }
}
