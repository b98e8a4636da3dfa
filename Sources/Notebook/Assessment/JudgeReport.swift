import Alignment
import Glibc
import HumanFeedback
import OrderedJSON
import TerminalUI

/// What a judge behind an address says of two models' answers.
struct JudgeReport {
    let model: String
    let pairs: [JudgedPair]
    let win: WinRate

    init(model: String, pairs: [JudgedPair], promptIDs: [String], seed: UInt64) {
        self.model = model
        self.pairs = pairs
        // Invalid pairs have no number, and are counted and left out.
        win = WinRate(
            scores: pairs.map { Float($0.outcome ?? .nan) },
            baselineScores: pairs.map { _ in 0.5 }, promptIDs: Array(promptIDs.prefix(pairs.count)),
            seed: seed)
    }

    private var consistent: Estimate {
        let valid = pairs.filter { !$0.isInvalid }
        return .wilson(successes: Double(valid.count(where: \.isConsistent)), trials: valid.count)
    }

    /// How often the answer that was shown first won, of the verdicts that name one.
    private var firstPlace: Estimate {
        let opinions = pairs.flatMap { [$0.candidateFirst, $0.baselineFirst] }
        let named = opinions.filter { $0 == .first || $0 == .second }
        return .wilson(successes: Double(named.count { $0 == .first }), trials: named.count)
    }

    /// The line of the page.
    var summary: String {
        "judge \(model): win rate \(EstimateText.share(win.rate)), n = \(win.rate.count), "
            + "\(win.ties) ties as half, \(win.invalid) invalid; same verdict in both orders "
            + formatted(fraction: consistent.value)
    }

    var table: Table {
        Table(
            headers: ["judge", "value"],
            rows: [
                ["win rate [95 %]", EstimateText.share(win.rate)],
                ["wins, ties, losses", "\(win.wins), \(win.ties), \(win.losses)"],
                ["invalid, left out", "\(win.invalid)"],
                ["same verdict in both orders [95 %]", EstimateText.share(consistent)],
                ["the first place wins [95 %]", EstimateText.share(firstPlace)],
            ])
    }

    var facts: JSONObject {
        var facts = JSONObject()
        facts.add("judge/win_rate", win.rate)
        facts["judge/ties"] = .integer(win.ties)
        facts["judge/invalid"] = .integer(win.invalid)
        facts.add("judge/consistent", consistent)
        facts.add("judge/first_place", firstPlace)
        return facts
    }
}

/// Where a judge is, and with which key.
struct JudgeSource {
    let address: String
    let model: String
    let keyFile: String?
    /// Pairs to ask about, each twice.
    let count: Int

    /// The variables that may hold the key, the first that is set counts.
    static let keyVariables = ["RLHF_JUDGE_KEY", "OPENAI_API_KEY"]

    /// Asks about the first answers, or reads what the judge said when the cell was recorded.
    func report(
        _ candidate: AssessedModel, _ baseline: AssessedModel, promptIDs: [String],
        _ context: CommandContext
    ) throws -> JudgeReport {
        let place = context.cell?.nextAnswersKey() ?? "answers"
        let pairs: [JudgedPair]
        if let recorded = context.cell?.details[place]?.arrayValue {
            // A replay asks nobody.
            pairs = recorded.compactMap { json in
                guard let first = json[0]?.stringValue.flatMap(JudgeOpinion.init(rawValue:)),
                    let second = json[1]?.stringValue.flatMap(JudgeOpinion.init(rawValue:))
                else { return nil }
                return JudgedPair(candidateFirst: first, baselineFirst: second)
            }
        } else {
            pairs = try ask(candidate, baseline, context)
        }
        context.cell?.details[place] = .array(
            pairs.map { [.string($0.candidateFirst.rawValue), .string($0.baselineFirst.rawValue)] })
        return JudgeReport(
            model: model, pairs: pairs, promptIDs: promptIDs, seed: context.settings.seed)
    }

    private func ask(
        _ candidate: AssessedModel, _ baseline: AssessedModel, _ context: CommandContext
    ) throws -> [JudgedPair] {
        let client: HTTPClient
        do { client = try HTTPClient(stop: { Interrupts.isRaised ? 1 : 0 }) } catch {
            throw JudgeError.noAnswer(server: address, error)
        }
        let judge = PairwiseJudge(
            address: address, model: model, key: try key(context),
            transport: { (request, base) throws(HTTPProblem) in
                try client.send(request, to: base)
            }, wait: { _ = sleep(UInt32($0)) })
        var pairs: [JudgedPair] = []
        for (own, other) in zip(candidate.answers, baseline.answers).prefix(count) {
            if Interrupts.isRaised {
                throw CommandError.interrupted(
                    "the judge was stopped after \(pairs.count) pairs; nothing was kept")
            }
            pairs.append(
                try judge.judge(
                    prompt: own.prompt, candidate: own.completion, baseline: other.completion))
        }
        return pairs
    }

    /// From a file or the environment; none is sent where there is none.
    private func key(_ context: CommandContext) throws -> String? {
        if let keyFile {
            let text: String
            do {
                text = String(decoding: try Files.read(context.resolve(keyFile)), as: UTF8.self)
            } catch { throw CommandError.reading(error) }
            return text.trimmingBlanks
        }
        return Self.keyVariables.lazy.compactMap(ProcessEnvironment.value).first
    }
}
