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
    /// How often the answer that was shown first won, of the pairs with two valid opinions; a tie is half.
    let firstPlace: Estimate

    init(model: String, pairs: [JudgedPair], promptIDs: [String], seed: UInt64) {
        self.model = model
        self.pairs = pairs
        // Invalid pairs have no number, and are counted and left out.
        win = WinRate(
            scores: pairs.map { Float($0.outcome ?? .nan) },
            baselineScores: pairs.map { _ in 0.5 }, promptIDs: promptIDs, seed: seed)
        let valid = zip(pairs, promptIDs).filter { !$0.0.isInvalid }
        let shares = valid.map {
            ($0.0.candidateFirst.firstShare + $0.0.baselineFirst.firstShare) / 2
        }
        let drawn = Estimate.bootstrap(shares, groups: valid.map(\.1), seed: seed)
        // Where all pairs say the same a bootstrap sees no variation.
        firstPlace =
            drawn.lower < drawn.upper
            ? drawn : .wilson(successes: shares.reduce(0, +), trials: shares.count)
    }

    private var consistent: Estimate {
        let valid = pairs.filter { !$0.isInvalid }
        return .wilson(successes: Double(valid.count(where: \.isConsistent)), trials: valid.count)
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

    /// The variables that may hold the key, the first that is set counts. That of OpenAI goes to
    /// OpenAI only: a wrong address must not be told a secret.
    var keyVariables: [String] {
        let isOpenAI = address.lowercased().hasPrefix("https://api.openai.com/")
        return isOpenAI ? ["RLHF_JUDGE_KEY", "OPENAI_API_KEY"] : ["RLHF_JUDGE_KEY"]
    }

    /// Asks about answers from all over the set, or reads what the judge said when the cell was
    /// recorded.
    func report(
        _ candidate: AssessedModel, _ baseline: AssessedModel, promptIDs: [String],
        _ context: CommandContext
    ) throws -> JudgeReport {
        let place = context.cell?.nextAnswersKey() ?? "answers"
        let asked = min(count, candidate.answers.count)
        let places = (0..<asked).map { $0 * candidate.answers.count / asked }
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
            pairs = try ask(candidate, baseline, at: places, context)
        }
        context.cell?.details[place] = .array(
            pairs.map { [.string($0.candidateFirst.rawValue), .string($0.baselineFirst.rawValue)] })
        return JudgeReport(
            model: model, pairs: pairs, promptIDs: places.prefix(pairs.count).map { promptIDs[$0] },
            seed: context.settings.seed)
    }

    private func ask(
        _ candidate: AssessedModel, _ baseline: AssessedModel, at places: [Int],
        _ context: CommandContext
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
        for (own, other) in places.map({ (candidate.answers[$0], baseline.answers[$0]) }) {
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
        return keyVariables.lazy.compactMap(ProcessEnvironment.value).first
    }
}

extension JudgeOpinion {
    /// 1 for the first place, ½ for a tie.
    fileprivate var firstShare: Double { self == .first ? 1 : self == .tie ? 0.5 : 0 }
}
