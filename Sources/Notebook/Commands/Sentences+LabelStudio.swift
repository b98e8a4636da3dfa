import HumanFeedback

/// What went wrong between this program and a Label Studio server.
enum LabelStudioSentences {
    static func commandError(_ error: LabelStudioError) -> CommandError {
        switch error {
        case .noAnswer(_, .stopped):
            return .interrupted("stopped; repeat the command to go on where it was")
        case .halfDone(let done, let all, .noAnswer(_, .stopped)):
            return .interrupted(
                "stopped after \(formatted(done)) of \(formatted(all)) tasks; repeat the command to go "
                    + "on with the rest")
        default: break
        }
        return CommandError(sentence(error))
    }

    static func sentence(_ error: LabelStudioError) -> String {
        switch error {
        case .noAnswer(let server, let problem): return sentence(problem, server)
        case .notLabelStudio(let server, let status):
            return
                "\(server) answers, but not as Label Studio does (status \(status)); "
                + ((300..<400).contains(status)
                    ? "it sends elsewhere: give the address that it sends to as --url"
                    : "check --url")
        case .noKey:
            return
                "there is no key for Label Studio; copy one from its Account & Settings into a file "
                + "for --key-file, or into LABEL_STUDIO_API_KEY"
        case .malformedKey:
            return
                "what was given as key for Label Studio is none: it has blanks, line breaks or letters "
                + "beyond ASCII; put the key alone into the file of --key-file, or into "
                + "LABEL_STUDIO_API_KEY"
        case .wrongKey(let server):
            return
                "\(server) does not know this key; copy it again from Account & Settings in Label "
                + "Studio"
        case .legacyKeysAreOff(let server):
            return
                "\(server) takes no legacy tokens any more; make a personal access token in Account & "
                + "Settings and use that as the key"
        case .expiredKey(let server):
            return
                "\(server) no longer takes this personal access token; make a new one in Account & "
                + "Settings"
        case .notAllowed(let server, let what):
            return
                "\(server) does not allow this key to \(what); ask the owner of the project for it"
        case .noProject(let server, let project):
            return
                "\(server) has no project \(quoted(project)) that this key can see; `labelstudio push "
                + "--project TITLE` makes one"
        case .unsuitableConfiguration(let project, let line, let problem):
            return
                "project \(project): its labelling configuration has no comparison to use (line "
                + "\(line)): \(problem); `labelstudio files --config FILE` writes one that has"
        case .unknownFields(let project, let fields):
            return
                "project \(project): its labelling configuration shows \(SentenceParts.list(fields)), "
                + "which pairs do not have; use a configuration with a prompt and two answers only"
        case .badTitle(let title):
            return
                "a project's title has 3 to 50 characters, \"\(title)\" has \(title.count); choose "
                + "another --project"
        case .refused(let server, let what, let status, let words):
            return
                "\(server) would not \(what) (status \(status))"
                + (words.isEmpty ? "; its log says why" : ": \(words)")
        case .halfDone(let done, let all, let cause):
            return
                "\(formatted(done)) of \(formatted(all)) tasks were imported, then this happened: "
                + "\(sentence(cause)). Repeat the command, it goes on with the rest"
        case .lostPredictions(let sent, let stored):
            return
                "the server stored \(formatted(stored)) of \(formatted(sent)) predictions: the names "
                + "in the labelling configuration are not those that its Pairwise control compares"
        case .strangeAnswer(let server, let what, let problem):
            return "\(server) gave a strange answer to \"\(what)\": \(problem); check its version"
        }
    }

    private static func sentence(_ problem: HTTPProblem, _ server: String) -> String {
        switch problem {
        case .noLibrary:
            return "libcurl is needed to talk to servers: apt-get install libcurl4"
        case .unreachable(let words):
            return "\(server) does not answer: \(words); is Label Studio running there?"
        case .timedOut:
            return "\(server) did not answer in time; try again, or look at its log"
        case .stopped: return "stopped"
        case .badAddress: return "\(server) is no address of a server; check --url"
        case .notTrusted(let words):
            return "\(server) cannot be trusted: \(words); check its certificate"
        case .brokenOff(let words):
            return "\(server) broke the connection off: \(words); repeat the command"
        }
    }

    private static func quoted(_ project: String) -> String {
        Int(project) == nil ? "\"\(project)\"" : project
    }

    private static func formatted(_ number: Int) -> String { SentenceParts.number(number) }
}
