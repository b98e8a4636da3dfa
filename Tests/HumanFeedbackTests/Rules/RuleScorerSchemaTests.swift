import OrderedJSON
import Testing

@testable import HumanFeedback

/// A file of rules with one thing wrong, and what is said of it.
struct BadRules: CustomTestStringConvertible, Sendable {
    let rules: JSON
    let key: String
    let expected: String
    let found: String
    var testDescription: String { "\(key): \(found)" }

    /// A file with one rule.
    init(rule: JSON, _ key: String, _ expected: String, _ found: String) {
        self.init(["format": "rlhf-rules-1", "rules": [rule]], key, expected, found)
    }

    init(_ rules: JSON, _ key: String, _ expected: String, _ found: String) {
        self.rules = rules
        self.key = key
        self.expected = expected
        self.found = found
    }
}

private let phraseRule: JSON = ["name": "a", "kind": "phrases", "points": 1, "phrases": ["x y"]]

@Suite struct RuleScorerSchemaTests {
    @Test(
        "What is wrong is named with its place",
        arguments: [
            BadRules(["rules"], "", "an object", "an array"),
            BadRules([:], "format", "a string", "an object without keys"),
            BadRules(
                ["format": "v2", "rules": []], "format", "\"rlhf-rules-1\"", "\"v2\""),
            BadRules(
                ["format": "rlhf-rules-1"], "rules", "an array", "no such key (the keys are format)"
            ),
            BadRules(
                ["format": "rlhf-rules-1", "rules": []], "rules",
                "an array with something in it", "an empty array"),
            BadRules(
                ["format": "rlhf-rules-1", "rules": [[:]], "rule": 1], "rule",
                "one of the keys format, name, ignore_case, topics, rules", "an unknown key"),
            BadRules(rule: 3, "rules[0].", "an object", "an integer"),
            BadRules(
                rule: ["kind": "phrase"], "rules[0].kind",
                "one of phrases, own_topic, other_topic, missing, repetition, other_words, "
                    + "length, ending",
                "\"phrase\""),
            BadRules(
                rule: ["kind": "repetition", "name": "a", "points": 1, "phrases": ["x"]],
                "rules[0].phrases", "one of the keys name, kind, points, limit", "an unknown key"),
            BadRules(
                rule: ["kind": "repetition", "name": "a"], "rules[0].points", "a number",
                "no such key (the keys are kind, name)"),
            BadRules(
                rule: ["kind": "repetition", "name": "a", "points": 1e300], "rules[0].points",
                "a number between -1000000 and 1000000", "1e+300"),
            BadRules(
                rule: ["kind": "repetition", "name": "a", "points": 1, "limit": -2],
                "rules[0].limit", "a number above 0", "-2.0"),
            BadRules(
                rule: ["kind": "phrases", "name": "a", "points": 1, "phrases": ["x", " y"]],
                "rules[0].phrases[1]", "a text without white space around it", "\" y\""),
            BadRules(
                rule: ["kind": "phrases", "name": "a", "points": 1, "phrases": ["x", "x"]],
                "rules[0].phrases[1]", "a phrase that stands in one place only",
                "\"x\", which is at rules[0].phrases[0] too"),
            BadRules(
                rule: ["kind": "length", "name": "a", "points": 1, "at_least": 5, "at_most": 4],
                "rules[0].at_most", "at least 5, as at_least says", "4"),
            BadRules(
                rule: ["kind": "length", "name": "a", "points": 1, "at_least": -5],
                "rules[0].at_least", "an integer between 0 and 1000000", "-5"),
            BadRules(
                rule: ["kind": "missing", "name": "a", "points": 1, "of": ["a"]],
                "rules[0].of[0]", "the name of a rule that looks for phrases", "\"a\""),
            BadRules(
                rule: ["kind": "own_topic", "name": "a", "points": 1], "topics",
                "an array of topics, which rules[0].kind needs", "no such key"),
            BadRules(
                ["format": "rlhf-rules-1", "rules": [phraseRule, phraseRule]], "rules[1].name",
                "a rule name that stands in one place only",
                "\"a\", which is at rules[0].name too"),
            BadRules(
                [
                    "format": "rlhf-rules-1", "rules": [phraseRule],
                    "topics": [
                        ["name": "t", "keywords": ["k"], "phrases": ["x"]],
                        ["name": "u", "keywords": ["K"], "phrases": ["y"]],
                    ],
                ], "topics[1].keywords[0]", "a keyword that stands in one place only",
                "\"K\", which is at topics[0].keywords[0] too"),
            BadRules(
                [
                    "format": "rlhf-rules-1", "rules": [phraseRule],
                    "topics": [["name": "t", "keywords": ["k"], "phrases": ["x y"]]],
                ], "rules[0].phrases[0]", "a phrase that stands in one place only",
                "\"x y\", which is at topics[0].phrases[0] too"),
        ])
    func refused(bad: BadRules) {
        let problem = RowProblem(key: bad.key, expected: bad.expected, found: bad.found)
        #expect(throws: problem) { try RuleScorer(json: bad.rules) }
    }

    @Test("A rule may come before the rules it refers to")
    func forwardReference() throws {
        let missing: JSON = ["name": "none", "kind": "missing", "of": ["a"], "points": -1]
        let scorer = try RuleScorer(
            json: ["format": "rlhf-rules-1", "rules": [missing, phraseRule]])
        #expect(scorer.score(prompt: "", completion: "z") == -1)
        #expect(scorer.score(prompt: "", completion: "x y") == 1)
    }
}
