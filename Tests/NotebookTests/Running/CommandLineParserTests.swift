import Testing

@testable import Notebook

struct CommandLineParserTests {
    @Test(arguments: [
        ("", []),
        ("  load   demos\tfile ", ["load", "demos", "file"]),
        (#"note "two  words" 'and "more"'"#, ["note", "two  words", #"and "more""#]),
        (#"note "a \"quoted\" word""#, ["note", #"a "quoted" word"#]),
        (#"load my\ file.jsonl"#, ["load", "my file.jsonl"]),
        (#"note a'b c'd"#, ["note", "ab cd"]),
        (#"note "" ''"#, ["note", "", ""]),
        (#"note 'a\b'"#, ["note", #"a\b"#]),
        (#"note "line\nbreak""#, ["note", "line\nbreak"]),
        ("note é 日本", ["note", "é", "日本"]),
    ])
    func blanksQuotesAndBackslashesMakeWords(line: String, words: [String]) throws {
        #expect(try CommandLineParser.words(of: line) == words)
    }

    @Test(arguments: ["note \"open", "note 'open", "note it's"])
    func anOpenQuoteIsRefused(line: String) {
        #expect(throws: CommandError.self) { try CommandLineParser.words(of: line) }
    }

    @Test func textIsAPromptForThePolicy() throws {
        let command = try CommandLineParser.command("How do I --mend my \"lamp\"?")
        let sample = try #require(command as? SampleCommand)
        #expect(sample.text == ["How do I --mend my \"lamp\"?"])
    }

    @Test func aColonBeginsACommand() throws {
        let command = try CommandLineParser.command(":note one 'two three'")
        #expect((command as? NoteCommand)?.text == ["one", "two three"])
        #expect(try CommandLineParser.command(":train sft") is TrainSupervisedCommand)
        #expect(try CommandLineParser.command(":q") is QuitCommand)
    }

    @Test func helpIsTheNotebooksOwn() throws {
        let help = try #require(try CommandLineParser.command(":help train sft") as? HelpCommand)
        #expect(help.topic == ["train", "sft"])
        let asked = try #require(
            try CommandLineParser.command(":train sft --steps 3 --help") as? HelpCommand)
        #expect(asked.topic == ["train", "sft"])
    }

    @Test func aColonAloneAndCommandsOfTheShellAreRefused() {
        #expect(throws: CommandError.usage("\":\" alone is no command; :help lists them")) {
            try CommandLineParser.command(":")
        }
        #expect(throws: CommandError.usage("\"tutorial\" is given in the shell: rlhf tutorial")) {
            try CommandLineParser.command(":tutorial")
        }
    }
}
