import ArgumentParser
import HumanFeedback
import LanguageModels
import OrderedJSON
import Testing

@testable import Notebook

/// Whole sentences: wording is part of the program. One suite for the sentences of each module.
@Suite struct SentencesTests {
    struct Unknown: Error, CustomStringConvertible { let description = "the roof leaks" }

    @Test func keepsACommandErrorAsItIs() {
        let error = CommandError("no store", exitCode: .checkFailed)
        #expect(commandError(for: error) == error)
    }

    @Test func anErrorOfNoModuleIsDescribed() {
        #expect(commandError(for: Unknown()) == CommandError("the roof leaks"))
    }

    @Test func aJSONErrorHasItsPlace() throws {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: "{\n  nope}") }
        let thrown = try #require(error)
        #expect(sentence(for: thrown).hasPrefix("line 2, column 3: "))
    }

    @Test func readingAndWritingFailuresSayWhatTheSystemSaid() {
        let denied = PosixError(operation: "open", path: "a/b.jsonl", code: 13)
        #expect(
            CommandError.reading(denied).sentence
                == "a/b.jsonl cannot be read: Permission denied; check the path and its permissions"
        )
        #expect(
            CommandError.writing(denied).sentence
                == "a/b.jsonl cannot be written (open: Permission denied); choose another place or "
                + "check its permissions")
    }

    @Test func listsOfNamesEndInAWord() {
        #expect(SentenceParts.list([]) == "nothing")
        #expect(SentenceParts.list(["a"]) == "a")
        #expect(SentenceParts.list(["a", "b"], "or") == "a or b")
        #expect(SentenceParts.list(["a", "b", "c", "d"], limit: 2) == "a, b and 2 more")
    }
}

@Suite struct SentencesUsageTests {
    /// The usage error of words that the parser refuses.
    private func refusal(_ words: String...) throws -> CommandError {
        do {
            _ = try RLHF.parseAsRoot(words)
        } catch {
            return commandError(for: error)
        }
        throw CommandError("the words were accepted")
    }

    @Test func aMissingArgumentNamesTheCommandsHelp() throws {
        #expect(
            try refusal("inspect")
                == .usage(
                    "missing expected argument '<file>'; \"help inspect\" shows how it is used"))
    }

    @Test(arguments: [
        (
            "pairs.jsonl",
            "a slot is missing, the name it is to have here: for example :load demos pairs.jsonl or :load pairs pairs.jsonl"
        ),
        ("pairs", "a file or a folder is missing: :load pairs FILE"),
    ])
    func aLoadWithOneWordSaysWhichIsMissing(word: String, sentence: String) throws {
        do {
            _ = try LoadCommand.parse([word])
            Issue.record("\(word) was accepted")
        } catch {
            #expect(commandError(for: error).sentence.hasPrefix(sentence))
        }
    }

    @Test func anUnknownOptionIsCorrected() throws {
        #expect(
            try refusal("train", "ppo", "--kl-coeficient", "1")
                == .usage(
                    "unknown option '--kl-coeficient'. Did you mean '--kl-coefficient'? "
                        + "(\"help train ppo\" shows how it is used)"))
    }

    @Test func aRefusedValueSaysWhatIsAccepted() throws {
        let error = try refusal("convert", "a.jsonl", "--to", "csv", "--out", "b")
        #expect(error.exitCode == .usage)
        #expect(error.sentence.hasPrefix("the value 'csv' is invalid for '--to <to>'"))
        #expect(error.sentence.hasSuffix("\"help convert\" shows how it is used"))
    }

    @Test func aValidationSentenceIsKept() throws {
        #expect(
            try refusal("doctor", "--threads", "0")
                == .usage("--threads is at least 1; \"help doctor\" shows how it is used"))
    }

    @Test func helpIsAWishAndNoError() throws {
        #expect(
            try HelpText.page(for: ["inspect", "--help"])?.contains("USAGE: rlhf inspect") == true)
        #expect(try HelpText.page(for: ["train"])?.contains("USAGE: rlhf train") == true)
        #expect(try HelpText.page(for: ["--version"])?.contains(Engine.version) == true)
        #expect(try HelpText.page(for: ["doctor"]) == nil)
        #expect(HelpText.page(in: ValidationError("x")) == nil)
    }
}
