import HumanFeedback
import Testing

@Suite struct ConversationTests {
    private let user = #"[{"role":"user","content":"Hi"}]"#
    private let assistant = #"[{"role":"assistant","content":"Hello"}]"#
    private let system = #"{"role":"system","content":"Be kind"}"#

    @Test func oneMessageEachReducesToTexts() throws {
        #expect(
            try read(#"{"prompt":\#(user)}"#).data == .prompts([Prompt(text: "Hi")]))
        #expect(
            try read(#"{"prompt":\#(user),"completion":\#(assistant)}"#).data
                == .demonstrations([Demonstration(prompt: "Hi", completion: "Hello")]))
        #expect(
            try read(#"{"prompt":\#(user),"chosen":\#(assistant),"rejected":"No"}"#).data
                == .pairs([PreferencePair(prompt: "Hi", chosen: "Hello", rejected: "No")]))
        #expect(
            try read(#"{"prompt":\#(user),"completion":\#(assistant),"label":true}"#).data
                == .labelledCompletions([
                    LabelledCompletion(prompt: "Hi", completion: "Hello", isGood: true)
                ]))
    }

    @Test func anExchangeIsADemonstration() throws {
        let row =
            #"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","#
            + #""content":[{"type":"text","text":"Hello"}]}]}"#
        #expect(
            try read(row).data
                == .demonstrations([Demonstration(prompt: "Hi", completion: "Hello")]))
    }

    @Test func implicitPromptsAreTheSharedMessage() throws {
        func row(_ a: String, _ b: String) -> String {
            let turns = { (prompt: String, answer: String) in
                #"[{"role":"user","content":"\#(prompt)"},"#
                    + #"{"role":"assistant","content":"\#(answer)"}]"#
            }
            return #"{"chosen":\#(turns(a, "Yes")),"rejected":\#(turns(b, "No"))}"# + "\n"
        }
        let file = try read(row("Tea?", "Tea?") + row("Tea?", "Milk?"))
        #expect(
            file.data == .pairs([PreferencePair(prompt: "Tea?", chosen: "Yes", rejected: "No")]))
        #expect(words(file.counts) == ["different-prompts 1"])
    }

    @Test func whatIsMoreThanOneTextIsCountedAndLeftOut() throws {
        let two = #"[{"role":"user","content":"Hi"},{"role":"user","content":"There"}]"#
        let tool = #"[{"role":"user","content":"","tool_calls":[]}]"#
        let image = #"[{"role":"user","content":[{"type":"image"}]}]"#
        let rows = [
            #"{"prompt":\#(user)}"#, #"{"prompt":\#(two)}"#, #"{"prompt":\#(tool)}"#,
            #"{"prompt":\#(image)}"#, #"{"prompt":[\#(system)]}"#, #"{"prompt":\#(assistant)}"#,
            #"{"prompt":[]}"#, #"{"prompt":"plain"}"#,
        ]
        let file = try read(rows.joined(separator: "\n"))
        #expect(file.data == .prompts([Prompt(text: "Hi"), Prompt(text: "plain")]))
        #expect(file.lines == [1, 8])
        #expect(words(file.counts) == ["several-turns 4", "not-plain-text 2"])
    }

    @Test func aFileOfRefusedRowsIsAnError() {
        let counts = [ReasonCount(reason: .severalTurns, count: 2)]
        let row = #"{"messages":[\#(system)]}"#
        #expect(throws: FeedbackError.nothingLeft(path: "rows", counts: counts)) {
            try read(row + "\n" + row)
        }
    }

    @Test func damagedMessagesAreErrorsWithTheirPath() {
        let missing = RowProblem(
            key: "prompt[1].role", expected: "a string",
            found: "no such key (the keys are content)")
        #expect(throws: FeedbackError.badRow(path: "rows", line: 1, problem: missing)) {
            try read(#"{"prompt":[{"role":"user","content":"a"},{"content":"b"}]}"#)
        }
        let wrong = RowProblem(
            key: "completion", expected: "a string or a list of messages", found: "an integer")
        #expect(throws: FeedbackError.badRow(path: "rows", line: 1, problem: wrong)) {
            try read(#"{"prompt":"a","completion":3}"#)
        }
    }

    @Test func turnsThatEndWithTheUserAreATranscript() throws {
        let turns =
            #"[{"role":"user","content":"a"},{"role":"assistant","content":"b"},"#
            + #"{"role":"user","content":"c"}]"#
        let prompt = "\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant:"
        #expect(try read(#"{"prompt":\#(turns)}"#).data == .prompts([Prompt(text: prompt)]))
        #expect(
            try read(#"{"prompt":\#(turns),"chosen":\#(assistant),"rejected":" No"}"#).data
                == .pairs([PreferencePair(prompt: prompt, chosen: " Hello", rejected: " No")]))
        let whole = turns.dropLast() + #",{"role":"assistant","content":"d"}]"#
        #expect(
            try read(#"{"messages":\#(whole)}"#).data
                == .demonstrations([Demonstration(prompt: prompt, completion: " d")]))
        // A turn that holds the marks of turns could not be told from two.
        let marked = turns.replacing("b", with: #"b\n\nHuman: x"#)
        #expect(
            words(try read(#"{"prompt":"q"}"# + "\n" + #"{"prompt":\#(marked)}"#).counts)
                == ["marks-of-turns 1"])
    }
}
