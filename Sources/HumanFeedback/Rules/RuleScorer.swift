/// Points for a completion by published rules over its text: a criterion that can be read, run
/// and argued with, for simulated annotators and for evaluation.
///
/// The rules are a JSON object, usually a file of its own:
///
/// ```json
/// {
///   "format": "rlhf-rules-1",
///   "name": "everyday help",
///   "ignore_case": false,
///   "topics": [
///     { "name": "bike", "keywords": ["bike", "bicycle"], "phrases": ["Pump up both tyres."] }
///   ],
///   "rules": [
///     { "name": "fits", "kind": "own_topic", "points": 3, "each_further": -1.5 },
///     { "name": "off topic", "kind": "other_topic", "points": -2 },
///     { "name": "no advice", "kind": "missing", "of": ["fits", "off topic"], "points": -1 },
///     { "name": "courtesy", "kind": "phrases", "phrases": ["Happy to help."], "points": 1 },
///     { "name": "repetition", "kind": "repetition", "points": -1, "limit": 6 },
///     { "name": "other words", "kind": "other_words", "points": -0.25, "limit": 4 },
///     { "name": "length", "kind": "length", "at_least": 8, "at_most": 40, "points": -0.25 },
///     { "name": "ending", "kind": "ending", "endings": [".", "!"], "points": -0.5 }
///   ]
/// }
/// ```
///
/// Keys of the whole: `format` and `rules` must be there; `name` is the criterion's name;
/// `ignore_case` (false unless given) makes ASCII letters match whatever their case;
/// `topics` are needed only by the two topic rules. A prompt is about each topic of which it holds
/// a keyword as a whole word, in any case.
///
/// Keys of every rule: `name` (unique), `kind`, `points`, and optionally `limit`, the farthest
/// from zero that the rule can go.
///
/// The kinds, and what each gives:
///
/// * `phrases`: `points` if one of its `phrases` is found, and `each_further` (0 unless given) for
///   each other one of them.
/// * `own_topic`: the same for the `phrases` of the topics the prompt is about.
/// * `other_topic`: the same for the `phrases` of all other topics, if the prompt is about any.
/// * `missing`: `points` if none of the rules named in `of` found a phrase.
/// * `repetition`: `points` for every repeated occurrence of a phrase of any rule or topic.
/// * `other_words`: `points` for every word that belongs to no phrase.
/// * `length`: `points` for every word below `at_least` or above `at_most`.
/// * `ending`: `points` if the completion, without white space around it, ends in none of
///   `endings`.
///
/// Phrases are found from left to right, the longest first, never overlapping, and only where
/// they do not begin or end inside a word; they must match exactly, so garbled text finds nothing.
/// A phrase counts once per completion, however often it stands there. A phrase may stand in one
/// rule or topic only.
///
/// The score is the sum over the rules. It is a pure function of the two texts, and finite.
public struct RuleScorer: Sendable {
    /// What the rules measure, for `Vote.criterion` and for tables.
    public let name: String
    /// The names of the rules, in the order of the file.
    public var ruleNames: [String] { rules.map(\.name) }

    let rules: [Rule]
    let keywords: PhraseFinder
    let phrases: PhraseFinder
    /// Who owns each phrase of `phrases`.
    let owners: [PhraseOwner]
    /// Which topic each keyword of `keywords` names.
    let keywordTopics: [Int]
    let topicCount: Int

    /// The points of a completion of a prompt.
    public func score(prompt: String, completion: String) -> Double {
        var sum = 0.0
        for entry in explain(prompt: prompt, completion: completion) { sum += entry.points }
        return sum
    }

    /// The rules that gave or took points, in the order of the file; their sum is the score.
    public func explain(
        prompt: String, completion: String
    ) -> [(rule: String, points: Double)] {
        let reading = read(prompt: prompt, completion: completion)
        var entries: [(rule: String, points: Double)] = []
        for (index, rule) in rules.enumerated() {
            let points = rule.points(for: index, in: reading)
            if points != 0 { entries.append((rule.name, points)) }
        }
        return entries
    }
}

/// Whose phrase it is.
enum PhraseOwner: Equatable, Sendable {
    case rule(Int)
    case topic(Int)
}

/// What the rules look at in one completion.
struct RuleReading {
    /// For each rule, how many different phrases it found.
    var found: [Int]
    var repetitions: Int
    var otherWords: Int
    var words: Int
    /// The completion without white space around it.
    var text: ArraySlice<UInt8>
}

extension RuleScorer {
    /// Finds the phrases of a completion and hands each to its rule.
    func read(prompt: String, completion: String) -> RuleReading {
        var isOwnTopic = [Bool](repeating: false, count: topicCount)
        var hasTopic = false
        for match in keywords.matches(in: Array(prompt.utf8)) {
            isOwnTopic[keywordTopics[match.phrase]] = true
            hasTopic = true
        }

        let bytes = Array(completion.utf8)
        var reading = RuleReading(
            found: [Int](repeating: 0, count: rules.count), repetitions: 0, otherWords: 0,
            words: wordCount(of: bytes[...]), text: trimmed(bytes[...]))
        var isFound = [Bool](repeating: false, count: owners.count)
        var position = 0
        for match in phrases.matches(in: bytes) {
            reading.otherWords += wordCount(of: bytes[position..<match.range.lowerBound])
            position = match.range.upperBound
            if isFound[match.phrase] {
                reading.repetitions += 1
                continue
            }
            isFound[match.phrase] = true
            switch owners[match.phrase] {
            case .rule(let rule):
                reading.found[rule] += 1
            case .topic(let topic):
                for (index, rule) in rules.enumerated() {
                    switch rule.kind {
                    case .ownTopic where isOwnTopic[topic]: reading.found[index] += 1
                    case .otherTopic where hasTopic && !isOwnTopic[topic]:
                        reading.found[index] += 1
                    default: break
                    }
                }
            }
        }
        reading.otherWords += wordCount(of: bytes[position...])
        return reading
    }
}

/// One rule of a scorer.
struct Rule: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case phrases
        case ownTopic
        case otherTopic
        /// The positions of the rules that found nothing.
        case missing(of: [Int])
        case repetition
        case otherWords
        case length(atLeast: Int, atMost: Int)
        case ending([[UInt8]])
    }

    let name: String
    let kind: Kind
    let points: Double
    let eachFurther: Double
    let limit: Double

    func points(for index: Int, in reading: RuleReading) -> Double {
        let raw: Double
        switch kind {
        case .phrases, .ownTopic, .otherTopic:
            let found = reading.found[index]
            raw = found == 0 ? 0 : points + eachFurther * Double(found - 1)
        case .missing(let others):
            raw = others.allSatisfy { reading.found[$0] == 0 } ? points : 0
        case .repetition:
            raw = points * Double(reading.repetitions)
        case .otherWords:
            raw = points * Double(reading.otherWords)
        case .length(let atLeast, let atMost):
            let outside = max(atLeast - reading.words, reading.words - atMost, 0)
            raw = points * Double(outside)
        case .ending(let endings):
            let ends = endings.contains { reading.text.suffix($0.count).elementsEqual($0) }
            raw = ends ? 0 : points
        }
        return min(max(raw, -limit), limit)
    }
}
