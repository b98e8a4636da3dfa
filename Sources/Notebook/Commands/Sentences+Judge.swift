import HumanFeedback

/// What went wrong between this program and a judge.
enum JudgeSentences {
    static func commandError(_ error: JudgeError) -> CommandError {
        if case .noAnswer(_, .stopped) = error {
            return .interrupted("the judge was stopped; nothing was kept")
        }
        return CommandError(sentence(error))
    }

    static func sentence(_ error: JudgeError) -> String {
        switch error {
        case .noAnswer(let server, let problem): return sentence(problem, server)
        case .wrongKey(let server):
            return
                "\(server) does not take this key; put the right one into a file for --judge-key-file or "
                + "into RLHF_JUDGE_KEY"
        case .notFound(let server, let model):
            return
                "\(server) has no chat completions, or no model \"\(model)\"; --judge is the address up "
                + "to and with /v1"
        case .refused(let server, let status, let words):
            return "\(server) refused the judge's question (status \(status))"
                + (words.isEmpty ? "; its log says why" : ": \(words)")
        case .strangeAnswer(let server):
            return
                "\(server) answers, but not as OpenAI's chat completions do; check --judge, which is "
                + "the address up to and with /v1"
        }
    }

    private static func sentence(_ problem: HTTPProblem, _ server: String) -> String {
        switch problem {
        case .noLibrary: "libcurl is needed to talk to servers: apt-get install libcurl4"
        case .unreachable(let words): "\(server) does not answer: \(words); check --judge"
        case .timedOut: "\(server) did not answer in time; try again, or lower --judge-count"
        case .stopped: "stopped"
        case .badAddress: "\(server) is no address of a server; check --judge"
        case .notTrusted(let words):
            "\(server) cannot be trusted: \(words); check its certificate"
        case .brokenOff(let words):
            "\(server) broke the connection off: \(words); repeat the command"
        }
    }
}
