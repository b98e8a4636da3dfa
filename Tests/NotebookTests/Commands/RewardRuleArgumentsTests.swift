import ArgumentParser
import Testing

@testable import Alignment
@testable import Notebook

@Suite struct RewardRuleArgumentsTests {
    @Test(
        arguments: [
            ("length:20-60", 1, RewardRule.Kind.length(20...60)),
            ("0.5*length:0-9", 0.5, .length(0...9)), ("-2*pattern:a*b:c", -2, .pattern("a*b:c")),
            ("pattern:x*", 1, .pattern("x*")), ("words:bad.txt", 1, .words("bad.txt")),
            ("toxicity", 1, .toxicity), ("3*disclosure", 3, .disclosure),
            ("repetition", 1, .repetition(3)), ("1e-1*repetition:2", 0.1, .repetition(2)),
            ("0.3*model:./helpful", 0.3, .model("./helpful")),
        ] as [(String, Float, RewardRule.Kind)])
    func rulesAreRead(text: String, weight: Float, kind: RewardRule.Kind) throws {
        let rule = try #require(RewardRule(argument: text))
        #expect(rule.weight == weight && rule.kind == kind)
    }

    @Test(arguments: [
        "length", "length:5", "length:9-3", "length:a-b", "pattern:", "repetition:0", "shortness",
        "toxicity:3", "two*toxicity", "",
    ])
    func othersAreNot(text: String) { #expect(RewardRule(argument: text) == nil) }

    @Test func rulesAreRewardedBesideTheModel() throws {
        let fixture = try CommandFixture()
        let tiny = CommandFixture.fixture("gpt2/tiny")
        let reward = CommandFixture.fixture("gpt2/reward")
        let words = try fixture.write("words.txt", "minutes\nno idea\n")
        let metrics = fixture.folder("m.jsonl")
        for method in ["ppo", "grpo"] {
            try fixture.run(
                "train", method, "--model", tiny, "--reward", reward, "--prompts",
                CommandFixture.fixture("gpt2/prompts.jsonl"), "--out", fixture.folder(method),
                "--steps", "1", "--batch-size", "8", "--max-new-tokens", "6", "--reward-weight",
                "0",
                "--reward-rule", "-1*pattern:e", "--reward-rule", "length:2-5", "--reward-rule",
                "words:\(words)", "--reward-rule", "2*repetition:1", "--reward-rule",
                "0.5*model:\(reward)", "--metrics", metrics, "--quiet")
            let row = try #require(try MetricSeries(path: metrics).rows.first)
            func value(_ key: String) throws -> Double {
                try #require(row.values.first { $0.name == key }?.value, "\(key)")
            }
            #expect(try value("rewards/learned") == 0)
            let sum =
                try -value("rewards/pattern") + value("rewards/length") + value("rewards/words")
                + 2 * value("rewards/repetition") + 0.5 * value("rewards/model")
            #expect(try abs(value("objective/scores") - sum) < 1e-4)
        }
        let problem = try fixture.failure(
            "train", "rloo", "--model", tiny, "--reward", reward, "--prompts",
            CommandFixture.fixture("gpt2/prompts.jsonl"), "--out", fixture.folder("x"),
            "--reward-rule", "pattern:(")
        #expect(problem.sentence.hasPrefix("--reward-rule pattern:( is no regular expression"))
    }
}
