import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct AnswerChecksTests {
    private func result(_ check: String, _ text: String, prompt: String = "") throws -> String {
        let json = #"{"format": "rlhf-checks-1", "checks": [{"name": "x", \#(check)}]}"#
        let checks = try AnswerChecks(json: JSON(parsing: Array(json.utf8)))
        return try #require(checks.results(prompt: prompt, completion: text).first).rawValue
    }

    @Test(arguments: [
        (#""kind": "length", "at_least": 2, "at_most": 3"#, "one two", "passed"),
        (#""kind": "length", "at_least": 2, "at_most": 3"#, "one", "failed"),
        (#""kind": "length", "at_most": 3"#, "one two three four", "failed"),
        (#""kind": "ending", "endings": [".", "!"]"#, "Well done! ", "passed"),
        (#""kind": "ending", "endings": [".", "!"]"#, "Well", "failed"),
        (#""kind": "language", "language": "en""#, "This is the way to do it.", "passed"),
        (#""kind": "language", "language": "de""#, "This is the way to do it.", "failed"),
        (#""kind": "language", "language": "de""#, "Sure", "undecided"),
        (#""kind": "format", "format": "json""#, #" {"a": 1}"#, "passed"),
        (#""kind": "format", "format": "json""#, "{a: 1}", "failed"),
        (#""kind": "format", "format": "list""#, "- one\n2. two\n* three", "passed"),
        (#""kind": "format", "format": "list""#, "First:\n- one", "failed"),
        (#""kind": "format", "format": "plain""#, "Just words.", "passed"),
        (#""kind": "format", "format": "plain""#, "Some **bold** words.", "failed"),
        (#""kind": "required", "phrases": ["thank you", "thanks"]"#, "Well, Thanks!", "passed"),
        (#""kind": "required", "phrases": ["thank you"]"#, "Well.", "failed"),
        (#""kind": "forbidden", "phrases": ["fool"]"#, "You FOOL", "failed"),
        (#""kind": "forbidden", "phrases": ["fool"]"#, "Foolish as it may be", "passed"),
        (#""kind": "pattern", "patterns": ["^[A-Z]"]"#, "Yes", "passed"),
        (#""kind": "pattern", "patterns": ["^[A-Z]"]"#, "yes", "failed"),
        (#""kind": "forbidden_pattern", "patterns": ["[0-9]{3,}"]"#, "in 1999", "failed"),
    ])
    func aCheckDecides(check: String, text: String, expected: String) throws {
        #expect(try result(check, text) == expected)
    }

    @Test func theLanguageMayBeThatOfThePrompt() throws {
        let check = #""kind": "language", "language": "prompt""#
        let german = "Das ist nicht die Antwort auf die Frage."
        #expect(try result(check, german, prompt: "Was ist das für ein Haus und wo?") == "passed")
        #expect(try result(check, german, prompt: "What is the way to do it?") == "failed")
        #expect(try result(check, german, prompt: "Hm?") == "undecided")
    }

    @Test func theStandardChecksCatchWhatTheyName() {
        let checks = AnswerChecks.standard
        func failed(_ text: String) -> [String] {
            zip(
                checks.names,
                checks.results(prompt: "What is the best way to do it?", completion: text)
            ).filter { $0.1 == .failed }.map(\.0)
        }
        #expect(failed("It is best to do it at the same time each day.") == [])
        #expect(failed("") == ["says something", "ends as a sentence"])
        #expect(failed("You idiot.") == ["no abuse"])
        #expect(failed("Write to anna.b@example.org.") == ["no private data"])
        #expect(failed("Call +49 170 1234567 at once.") == ["no private data"])
        #expect(failed("It takes 20 to 30 minutes in 2024.") == [])
        #expect(failed("Das ist nicht das, was ich für Sie tun kann.") == ["the prompt's language"])
        #expect(failed("So we") == ["ends as a sentence"])
    }

    @Test(arguments: [
        (#""kind": "size""#, #"checks[0].kind"#),
        (#""kind": "length", "at_lest": 3"#, "checks[0].at_lest"),
        (#""kind": "pattern", "patterns": ["["]"#, "checks[0].patterns[0]"),
        (#""kind": "language", "language": "xx""#, "checks[0].language"),
        (#""kind": "format", "format": "poem""#, "checks[0].format"),
        (#""kind": "forbidden", "phrases": []"#, "checks[0].phrases"),
    ])
    func badChecksAreRefusedWithTheirPlace(check: String, key: String) throws {
        do {
            _ = try result(check, "x")
            Issue.record("accepted")
        } catch let problem as RowProblem { #expect(problem.key == key) }
    }

    @Test(
        arguments: [
            ("It was 2023-01-15.", true), ("From 1914-1918.", true), ("From 1914 - 1918.", true),
            ("About 1 000 000 000.", true), ("1000000000 bytes.", true),
            ("Call +49 30 1234567.", false),
            ("Call (555) 123-4567.", false), ("Call 020 7946 0958.", false),
            ("Card 1234 5678 9012 3456.", false), ("Card 1234567890123456.", false),
            ("Write to a.b@example.org.", false),
        ])
    func whatLooksPrivateIsNoDateAndNoNumber(text: String, passes: Bool) throws {
        let checks = AnswerChecks.standard
        let place = try #require(checks.names.firstIndex(of: "no private data"))
        let result = checks.results(prompt: "p", completion: text)[place]
        #expect(result == (passes ? .passed : .failed), "\(text)")
    }

    @Test func aLengthThatCannotBeIsRefused() {
        #expect(throws: RowProblem.self) {
            try AnswerChecks(
                json: JSON(
                    parsing: Array(
                        #"{"format":"rlhf-checks-1","checks":[{"name":"x","kind":"length","at_least":60,"at_most":3}]}"#
                            .utf8)))
        }
    }
}
