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
            .halfDone(
                done: 1_100, of: 6_000,
                cause: .refused(
                    server: "http://s", what: "import tasks", status: 500, words: "disk full")),
            "1,100 of 6,000 tasks were imported, then this happened: http://s would not import tasks "
                + "(status 500): disk full. Repeat the command, it goes on with the rest"
        ),
        (
            .malformedKey,
            "what was given as key for Label Studio is none: it has blanks, line breaks or letters beyond "
                + "ASCII; put the key alone into the file of --key-file, or into LABEL_STUDIO_API_KEY"
        ),
        (
            .notLabelStudio(server: "http://s", status: 301),
            "http://s answers, but not as Label Studio does (status 301); it sends elsewhere: give the "
                + "address that it sends to as --url"
        ),
    ])
    func everyFailureHasASentence(error: LabelStudioError, sentence: String) {
        #expect(commandError(for: error) == CommandError(sentence))
    }

    @Test func aStoppedExchangeIsAnInterruption() {
        let stopped = LabelStudioError.noAnswer(server: "s", .stopped)
        #expect(commandError(for: stopped).exitCode == .interrupted)
        let halfDone = LabelStudioError.halfDone(done: 100, of: 250, cause: stopped)
        #expect(
            commandError(for: halfDone)
                == .interrupted(
                    "stopped after 100 of 250 tasks; repeat the command to go on with the rest"))
    }
}
