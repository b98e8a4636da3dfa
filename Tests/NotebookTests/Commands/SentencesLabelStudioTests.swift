import HumanFeedback
import Testing

@testable import Notebook

struct SentencesLabelStudioTests {
    @Test(arguments: [
        (
            LabelStudioError.noAnswer(server: "http://s", .unreachable("refused")),
            "http://s does not answer: refused; is Label Studio running there?"
        ),
        (
            .wrongKey(server: "http://s"),
            "http://s does not know this key; copy it again from Account & Settings in Label Studio"
        ),
        (
            .expiredKey(server: "http://s"),
            "http://s no longer takes this personal access token; make a new one in Account & Settings"
        ),
        (
            .noProject(server: "http://s", project: "99"),
            "http://s has no project 99 that this key can see; `labelstudio push --project TITLE` makes one"
        ),
        (
            .unsuitableConfiguration(project: "3", line: 1, problem: "there is no <Pairwise> tag"),
            "project 3: its labelling configuration has no comparison to use (line 1): there is no "
                + "<Pairwise> tag; `labelstudio files --config FILE` writes one that has"
        ),
        (
            .halfDone(done: 1_100, of: 6_000, words: "disk full"),
            "1,100 of 6,000 tasks were imported, then the server failed (disk full); repeat the command, it "
                + "goes on with the rest"
        ),
    ])
    func everyFailureHasASentence(error: LabelStudioError, sentence: String) {
        #expect(commandError(for: error) == CommandError(sentence))
    }

    @Test func aStoppedExchangeIsAnInterruption() {
        let error = commandError(for: LabelStudioError.noAnswer(server: "s", .stopped))
        #expect(error.exitCode == .interrupted)
    }
}
