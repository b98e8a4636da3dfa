import OrderedJSON
import Testing

@testable import HumanFeedback

/// One rule of each kind, small enough to add up by hand.
let smallRules: JSON = [
    "format": "rlhf-rules-1", "name": "small",
    "topics": [
        ["name": "bike", "keywords": ["bike", "bicycle"], "phrases": ["Oil it.", "Pump it up."]],
        ["name": "cat", "keywords": ["cat"], "phrases": ["Feed it."]],
    ],
    "rules": [
        ["name": "fits", "kind": "own_topic", "points": 3, "each_further": -1.5],
        ["name": "strays", "kind": "other_topic", "points": -2],
        ["name": "nothing", "kind": "missing", "of": ["fits", "strays"], "points": -1],
        [
            "name": "courtesy", "kind": "phrases", "phrases": ["Thank you.", "Gladly."],
            "points": 1, "each_further": -0.5,
        ],
        ["name": "repeats", "kind": "repetition", "points": -1, "limit": 2],
        ["name": "others", "kind": "other_words", "points": -0.25, "limit": 1],
        ["name": "length", "kind": "length", "at_least": 2, "at_most": 9, "points": -0.5],
        ["name": "ending", "kind": "ending", "endings": [".", "!"], "points": -0.75],
    ],
]

@Suite struct RuleScorerTests {
    let scorer: RuleScorer

    init() throws { scorer = try RuleScorer(json: smallRules) }

    func points(_ completion: String, prompt: String = "How do I fix a bike?") -> [String] {
        scorer.explain(prompt: prompt, completion: completion).map { "\($0.rule) \($0.points)" }
    }

    @Test("An explanation lists the rules that count, in the order of the file")
    func explanation() {
        #expect(points(" Thank you. Oil it.") == ["fits 3.0", "courtesy 1.0"])
        #expect(scorer.score(prompt: "My bike?", completion: " Thank you. Oil it.") == 4)
        #expect(scorer.ruleNames.first == "fits")
        #expect(scorer.name == "small")
    }

    @Test("Further phrases of a rule count apart from the first")
    func furtherPhrases() {
        #expect(points("Oil it. Pump it up.") == ["fits 1.5"])
        #expect(points("Thank you. Gladly. Oil it.") == ["fits 3.0", "courtesy 0.5"])
    }

    @Test("Whose advice it is depends on the topic of the prompt")
    func topics() {
        #expect(points("Feed it.") == ["strays -2.0"])
        #expect(points("Feed it.", prompt: "My cat?") == ["fits 3.0"])
        #expect(points("Feed it. Oil it.", prompt: "A CAT on a bicycle") == ["fits 1.5"])
    }

    @Test("A prompt without a topic has neither fitting nor straying advice")
    func noTopic() {
        #expect(points("Feed it.", prompt: "Scatter the catalogue") == ["nothing -1.0"])
    }

    @Test("Repetition is punished up to the limit and never pays")
    func repetition() {
        #expect(points("Oil it. Oil it.") == ["fits 3.0", "repeats -1.0"])
        #expect(points("Oil it. Oil it. Oil it. Oil it.") == ["fits 3.0", "repeats -2.0"])
    }

    @Test("Words outside phrases are counted up to the limit")
    func otherWords() {
        #expect(points("Just Oil it. twice.") == ["fits 3.0", "others -0.5"])
        #expect(
            points("a b c d e f.") == ["nothing -1.0", "others -1.0"])
    }

    @Test("Words missing to the least length and beyond the greatest count each")
    func length() {
        #expect(points("Gladly.") == ["nothing -1.0", "courtesy 1.0", "length -0.5"])
        #expect(
            points("Oil it. 3 4 5 6 7 8 9 10 11.")
                == ["fits 3.0", "others -1.0", "length -1.0"])
    }

    @Test("White space at the end does not hide the ending")
    func ending() {
        #expect(points("Oil it. \n") == ["fits 3.0"])
        #expect(points("Oil it. so") == ["fits 3.0", "others -0.25", "ending -0.75"])
        #expect(points("").contains("ending -0.75"))
    }

    @Test("Garbled phrases find nothing", arguments: ["Oil  it.", "oil it.", "Oil it", "Oilit."])
    func garbled(completion: String) {
        #expect(!points(completion).contains { $0.hasPrefix("fits") })
    }

    @Test("Rules may ignore the case of ASCII letters")
    func ignoresCase() throws {
        let rules: JSON = [
            "format": "rlhf-rules-1", "ignore_case": true,
            "rules": [["name": "a", "kind": "phrases", "points": 1, "phrases": ["thank YOU"]]],
        ]
        let scorer = try RuleScorer(json: rules)
        #expect(scorer.score(prompt: "", completion: "Thank you, thankyou") == 1)
        #expect(scorer.name == "rules")
    }
}
