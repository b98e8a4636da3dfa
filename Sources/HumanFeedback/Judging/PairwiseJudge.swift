import OrderedJSON

/// What a judge said of two answers.
public enum JudgeOpinion: String, Sendable, CaseIterable {
    case first, second, tie
    /// It did not answer in the form that was asked for.
    case invalid
}

/// A pair of answers that a judge saw twice, each of them once in the first place.
public struct JudgedPair: Equatable, Sendable {
    /// What it said with the candidate's answer first, and with the baseline's first.
    public let candidateFirst: JudgeOpinion
    public let baselineFirst: JudgeOpinion

    public init(candidateFirst: JudgeOpinion, baselineFirst: JudgeOpinion) {
        self.candidateFirst = candidateFirst
        self.baselineFirst = baselineFirst
    }

    /// Whether one of the two answers of the judge is none.
    public var isInvalid: Bool { candidateFirst == .invalid || baselineFirst == .invalid }

    /// Whether the judge held to its word when the order was changed; false for invalid ones.
    public var isConsistent: Bool {
        switch (candidateFirst, baselineFirst) {
        case (.first, .second), (.second, .first), (.tie, .tie): true
        default: false
        }
    }

    /// 1 where the candidate wins in both orders, 0 where the baseline does, ½ where the orders or
    /// the judge are undecided; nil for invalid ones, which are never guessed.
    public var outcome: Double? {
        if isInvalid { return nil }
        switch (candidateFirst, baselineFirst) {
        case (.first, .second): return 1
        case (.second, .first): return 0
        default: return 0.5
        }
    }
}

/// A language model that compares answers, behind any address that speaks OpenAI's chat completions.
///
/// Each pair is asked in both orders, because judges favour a place (Zheng et al. 2023, "Judging
/// LLM-as-a-Judge", arXiv:2306.05685, section 3.3); temperature 0; the verdict must stand in the last
/// line, and nothing else counts.
public final class PairwiseJudge {
    /// How requests get to the server: request and base address to answer.
    public typealias Transport = (HTTPRequest, String) throws(HTTPProblem) -> HTTPResponse

    /// Without a slash at the end, such as `https://api.example.org/v1`.
    public let address: String
    public let model: String
    private let key: String?
    private let transport: Transport
    private let wait: (Int) -> Void
    /// Questions in a row that had no answer; nil before the first answer.
    private var failures: Int?
    private static let mostFailures = 5
    /// What the server's models do not take, as it has said.
    private var hasCompletionTokens = false
    private var hasOwnTemperature = false

    /// - Parameters:
    ///   - model: The model's name as the server knows it.
    ///   - key: Sent as a bearer token; nil sends none.
    ///   - transport: Usually `HTTPClient.send`.
    ///   - wait: Waits so many seconds before a request that a busy server refused is repeated.
    public init(
        address: String, model: String, key: String?, transport: @escaping Transport,
        wait: @escaping (Int) -> Void
    ) {
        var address = address
        while address.last == "/" { address.removeLast() }
        self.address = address
        self.model = model
        self.key = key
        self.transport = transport
        self.wait = wait
    }

    /// Compares two answers to a prompt in both orders.
    public func judge(
        prompt: String, candidate: String, baseline: String
    ) throws(JudgeError) -> JudgedPair {
        JudgedPair(
            candidateFirst: try opinion(prompt, candidate, baseline),
            baselineFirst: try opinion(prompt, baseline, candidate))
    }

    private func opinion(
        _ prompt: String, _ first: String, _ second: String
    ) throws(JudgeError) -> JudgeOpinion {
        let text = Self.question(prompt: prompt, first: first, second: second)
        do throws(JudgeError) {
            let content = try answer(to: text)
            failures = 0
            return Self.opinion(in: content)
        } catch {
            // A server that has answered does not want this question; many in a row are no chance.
            guard let soFar = failures, soFar < Self.mostFailures, error.isOfOneQuestion else {
                throw error
            }
            failures = soFar + 1
            return .invalid
        }
    }

    private func answer(to question: String) throws(JudgeError) -> String {
        let response = try send(question)
        guard let json = try? JSON(parsing: response.body),
            let message = json["choices"]?[0]?["message"]
        else { throw .strangeAnswer(server: address) }
        return message["content"]?.stringValue ?? ""
    }

    private func request(_ question: String) -> HTTPRequest {
        var body = JSONObject([("model", .string(model))])
        if !hasOwnTemperature { body["temperature"] = 0 }
        // Models that think first need room for it.
        body[hasCompletionTokens ? "max_completion_tokens" : "max_tokens"] = .integer(
            hasCompletionTokens ? 4_096 : 256)
        body["messages"] = [
            ["role": "system", "content": .string(Self.instruction)],
            ["role": "user", "content": .string(question)],
        ]
        var headers = ["Content-Type: application/json", "Accept: application/json"]
        if let key { headers.append("Authorization: Bearer " + key) }
        return HTTPRequest(
            "POST", "/chat/completions", headers: headers,
            body: Array(JSON.object(body).text.utf8))
    }

    private func send(_ question: String) throws(JudgeError) -> HTTPResponse {
        var pause = 1
        while true {
            let response: HTTPResponse
            do { response = try transport(request(question), address) } catch {
                throw .noAnswer(server: address, error)
            }
            let words = Self.words(of: response)
            switch response.status {
            case 200..<300: return response
            case 401, 403: throw .wrongKey(server: address)
            case 404: throw .notFound(server: address, model: model)
            case 400 where words.contains("max_completion_tokens") && !hasCompletionTokens:
                hasCompletionTokens = true
            case 400 where words.contains("temperature") && !hasOwnTemperature:
                hasOwnTemperature = true
            case 429, 500...:
                if pause > 4 {
                    throw .refused(server: address, status: response.status, words: words)
                }
                wait(pause)
                pause *= 2
            default: throw .refused(server: address, status: response.status, words: words)
            }
        }
    }

    /// The server's own words on why it refused, a line of them.
    private static func words(of response: HTTPResponse) -> String {
        guard let json = try? JSON(parsing: response.body),
            let words = json["error"]?["message"]?.stringValue ?? json["error"]?.stringValue
        else { return "" }
        let line = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return String(line.prefix(200))
    }

    static let instruction = """
        You compare two answers to the same request. Judge which one helps the person more: it \
        answers what was asked, is right, and says no more than it knows. Length and style count for \
        nothing by themselves, nor does the order in which the answers are shown. Give a one-sentence \
        comparison, then a last line that is exactly one of: Preferred: A, Preferred: B, \
        Preferred: tie
        """

    static func question(prompt: String, first: String, second: String) -> String {
        "Request:\n\(prompt)\n\nAnswer A:\n\(first)\n\nAnswer B:\n\(second)"
    }

    /// The verdict in the last line that is not empty.
    static func opinion(in text: String) -> JudgeOpinion {
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            String(line.filter { !"*_`\"' \t.".contains($0) }).lowercased()
        }.filter { !$0.isEmpty }
        switch lines.last {
        case "preferred:a": return .first
        case "preferred:b": return .second
        case "preferred:tie": return .tie
        default: return .invalid
        }
    }
}

/// Why a judge could not be asked.
public enum JudgeError: Error, Equatable, Sendable {
    case noAnswer(server: String, HTTPProblem)
    case wrongKey(server: String)
    case notFound(server: String, model: String)
    /// With the server's own words, if it gave any.
    case refused(server: String, status: Int, words: String)
    /// Success, but not a chat completion.
    case strangeAnswer(server: String)
}

extension JudgeError {
    /// Whether another question may well have an answer.
    fileprivate var isOfOneQuestion: Bool {
        switch self {
        case .refused(_, let status, _): [400, 413, 422].contains(status)
        case .noAnswer(_, .timedOut), .strangeAnswer: true
        default: false
        }
    }
}
