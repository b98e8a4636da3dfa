import Testing

@testable import Notebook

struct AbbreviationTests {
    @Test(arguments: [
        (":tr rew --steps 3", ":train reward --steps 3"),
        (":train sf", ":train sft"),
        (":pl reward 'a b'", ":plot reward 'a b'"),
        (":he tr", ":help tr"),
        (":q", ":q"),
        (":train reward", ":train reward"),
        (":nope x", ":nope x"),
        ("tr rew", "tr rew"),
        ("  :tr", "  :tr"),
    ])
    func aBeginningThatOnlyOneCommandHasIsWrittenOut(line: String, whole: String) throws {
        #expect(try Abbreviation.expanded(line: line) == whole)
    }

    @Test func severalCommandsAreNamed() {
        let error = #expect(throws: CommandError.self) { try Abbreviation.expanded(["s"]) }
        #expect(error?.sentence.hasPrefix(":s may be :") == true)
        #expect(error?.sentence.contains(":show") == true)
        #expect(error?.sentence.contains(":save") == true)
    }

    @Test func theParserTakesThem() throws {
        #expect(try CommandLineParser.command(":tr rew") is TrainRewardCommand)
        #expect(try CommandLineParser.command(":hist loss") is HistoryCommand)
    }
}
