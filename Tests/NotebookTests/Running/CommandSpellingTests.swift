import ArgumentParser
import Testing

@testable import Notebook

struct CommandSpellingTests {
    private func refusal(_ line: String) throws -> String {
        do {
            _ = try CommandLineParser.command(line)
        } catch {
            let error = commandError(for: error)
            #expect(error.exitCode == .usage)
            return error.sentence
        }
        return ""
    }

    private func shellRefusal(_ words: String...) -> String {
        let spelling = CommandSpelling(words, in: .shell)
        do {
            try spelling.check()
            _ = try RLHF.parseAsRoot(words)
        } catch {
            let error = spelling.explained(error)
            #expect(error.exitCode == .usage)
            return error.sentence
        }
        return ""
    }

    @Test(arguments: [
        (":trian sft", "there is no command :trian; did you mean :train?"),
        (":hepl", "there is no command :hepl; did you mean :help?"),
        (":xylophone", "there is no command :xylophone; :help lists the commands"),
        (":train stf", "there is no command :train stf; did you mean :train sft?"),
        (
            ":train everything",
            "there is no command :train everything; it is followed by tokenizer, sft, reward, ppo, "
                + "dpo, kto, orpo, rloo, grpo, reinforce, rft or online-dpo"
        ),
        (
            ":train",
            ":train is followed by tokenizer, sft, reward, ppo, dpo, kto, orpo, rloo, grpo, "
                + "reinforce, rft or online-dpo"
        ),
        (":train sft --stesp 3", ":train sft has no option --stesp; did you mean --steps?"),
        (":train sft --stesp=3", ":train sft has no option --stesp; did you mean --steps?"),
        (
            ":train sft --zebra 3",
            ":train sft has no option --zebra; :help train sft lists its options"
        ),
        (":load", "missing expected argument '<slot>'; :help load shows how it is used"),
        (
            ":train sft --steps 0",
            "--steps is at least 1; :help train sft shows how it is used"
        ),
    ])
    func inACellTheAdviceCanBeTypedThere(line: String, sentence: String) throws {
        #expect(try refusal(line) == sentence)
    }

    @Test func inTheShellTheAdviceCanBeTypedThere() {
        #expect(
            shellRefusal("train", "stf")
                == "there is no command rlhf train stf; did you mean rlhf train sft?")
        #expect(
            shellRefusal("--bogus") == "rlhf has no option --bogus; rlhf --help lists its options")
        #expect(
            shellRefusal("doctor", "--threads", "0")
                == "--threads is at least 1; rlhf help doctor shows how it is used")
    }

    @Test func aMisspeltCommandIsNotTakenForANewSession() {
        #expect(
            shellRefusal("trian")
                == "there is no command and no session \"trian\"; did you mean rlhf train? (rlhf --help "
                + "lists the commands, rlhf ./trian starts a session of that name)")
        #expect(
            shellRefusal("mysession")
                == "there is no command and no session \"mysession\"; rlhf --help lists the "
                + "commands, rlhf ./mysession starts a session of that name")
    }

    @Test func aPathIsASession() throws {
        #expect(shellRefusal("./trian") == "")
        #expect(shellRefusal("runs/mine", "--seed", "4") == "")
        let folder = try TemporaryFolder()
        #expect(shellRefusal(folder.path) == "")
    }

    @Test func everyCommandPassesItsOwnName() throws {
        for name in CommandPath([]).choices {
            try CommandSpelling([name], in: .shell).check()
        }
    }
}
