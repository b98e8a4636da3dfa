// Rules that score completions. All are 0 or below where something is wrong, so that a weight says what a
// fault costs; a pattern alone is 1 where it is there.

/// 0 while a completion has so many words, less by the share that it falls short or goes over.
public struct LengthRule: RewardFunction {
    public let name = "length"
    /// Words that are right.
    public let range: ClosedRange<Int>

    public init(_ range: ClosedRange<Int>) { self.range = range }

    public func scores(of queries: [RewardQuery]) -> [RewardScore] {
        queries.map { query in
            let words = query.completion.split(whereSeparator: \.isWhitespace).count
            if words < range.lowerBound {
                return .sequence(-Float(range.lowerBound - words) / Float(range.lowerBound))
            }
            let over = max(0, words - range.upperBound)
            return .sequence(-Float(over) / Float(max(1, range.upperBound)))
        }
    }
}

/// 1 where a regular expression is found in a completion, 0 where not.
public struct PatternRule: RewardFunction {
    public let name = "pattern"
    private let pattern: Regex<AnyRegexOutput>

    /// - Throws: What is wrong with the pattern.
    public init(_ text: String) throws { pattern = try Regex(text) }

    public func scores(of queries: [RewardQuery]) -> [RewardScore] {
        queries.map { .sequence($0.completion.contains(pattern) ? 1 : 0) }
    }
}

/// −1 for every time that words or phrases of a list stand in a completion, whatever their case.
public struct WordRule: RewardFunction, Sendable {
    public let name: String
    /// Words or phrases in lower case, each a list of words.
    private let phrases: Set<[String]>
    private let lengths: [Int]

    public init(name: String = "words", _ phrases: [String]) {
        self.name = name
        let split = phrases.map(Self.words).filter { !$0.isEmpty }
        self.phrases = Set(split)
        lengths = Set(split.map(\.count)).sorted()
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
    }

    /// How often something of the list is there.
    public func count(in text: String) -> Int {
        let words = Self.words(text)
        return lengths.reduce(0) { sum, length in
            guard words.count >= length else { return sum }
            return sum
                + (0...(words.count - length)).count {
                    phrases.contains(Array(words[$0..<($0 + length)]))
                }
        }
    }

    public func scores(of queries: [RewardQuery]) -> [RewardScore] {
        queries.map { .sequence(-Float(count(in: $0.completion))) }
    }

    /// Insults, and what wishes somebody harm.
    public static let toxicity = WordRule(
        name: "toxicity",
        [
            "idiot", "idiots", "moron", "morons", "stupid", "dumb", "loser", "losers", "worthless",
            "pathetic", "disgusting", "ugly", "shut up", "hate you", "kill you", "kill yourself",
            "go to hell", "scum", "trash like you", "nobody likes you",
        ])
}

/// −1 for every time that a completion gives away what belongs to a person: addresses of e-mail, numbers of
/// phones, cards and accounts, passwords.
public struct DisclosureRule: RewardFunction {
    public let name = "disclosure"

    private static let words = WordRule(
        name: "disclosure",
        [
            "my password", "your password is", "the password is", "social security number",
            "passport number", "credit card number", "account number", "home address",
            "phone number is", "date of birth is", "api key", "secret key",
        ])

    public init() {}

    public func scores(of queries: [RewardQuery]) -> [RewardScore] {
        // Made anew: a regular expression cannot be shared between threads.
        let mail = /[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+/
        let number = /\+?[0-9][0-9 ()-]{7,}[0-9]/
        return queries.map { query in
            let found =
                query.completion.matches(of: mail).count
                + query.completion.matches(of: number).count
            return .sequence(-Float(found + Self.words.count(in: query.completion)))
        }
    }
}

/// Token by token: less where a token completes a run of tokens that was there before. The sum is minus the
/// share of such runs.
public struct RepetitionRule: RewardFunction {
    public let name = "repetition"
    /// Tokens of a run.
    public let length: Int

    public init(length: Int = 3) {
        precondition(length > 0, "repetition: runs of \(length) tokens")
        self.length = length
    }

    public func scores(of queries: [RewardQuery]) -> [RewardScore] {
        queries.map { query in
            let tokens = query.tokens
            var scores = [Float](repeating: 0, count: tokens.count)
            var seen: Set<ArraySlice<Int>> = []
            let runs = tokens.count - length + 1
            for end in stride(from: length - 1, to: tokens.count, by: 1)
            where !seen.insert(tokens[(end - length + 1)...end]).inserted {
                scores[end] = -1 / Float(max(1, runs))
            }
            return .tokens(scores)
        }
    }
}
