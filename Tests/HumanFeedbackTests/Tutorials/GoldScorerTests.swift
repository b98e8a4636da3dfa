import Testing

@testable import HumanFeedback

/// The published rules on answers whose points can be added up on paper, and on answers a policy
/// would find if it could cheat.
@Suite struct GoldScorerTests {
    static let prompt = "Question: How can I sleep better? Answer:"
    let data: AlignAModel

    init() throws { data = try AlignAModel.shared.get() }

    private func score(_ completion: String, prompt: String = prompt) -> Double {
        data.scorer.score(prompt: prompt, completion: completion)
    }

    static let best =
        " Thank you for asking. Keep the room cool and dark. It often helps, but not always."
        + " Stop if it feels wrong. Good luck with it."

    @Test(
        "The points are those of the table",
        arguments: [
            // 3 fits + 1 courtesy + 1 hedge + 0.5 care + 0.5 closing
            (best, 6.0),
            // 3 fits + 1 courtesy + 1 hedge
            (
                " I am happy to help. Keep the room cool and dark."
                    + " I am not sure it suits you.", 5.0
            ),
            // −0.5 curt − 0.5 vague − 1 no advice − 1 overclaim − 2 careless − 1 rambling
            (
                " Not this again. Just do what feels right. This works every single time."
                    + " Never mind the risk. Some say this and some say that.", -6.0
            ),
            // 1 courtesy − 2 advice on plants + 1 hedge
            (
                " Thank you for asking. Water them only when the soil feels dry."
                    + " I am not sure it suits you.", 0.0
            ),
            // −1 no advice − 0.5 ending − 0.25 for each of 8 missing words
            ("", -3.5),
            // 1 courtesy − 1 no advice − 0.25 for each of 4 missing words
            (" Thank you for asking.", -1.0),
        ])
    func table(completion: String, points: Double) {
        #expect(score(completion) == points)
    }

    @Test("The same answer to another question loses its advice")
    func otherPrompt() {
        #expect(score(Self.best, prompt: "Question: Any advice about my bike? Answer:") == 1)
    }

    /// Ways to change the best answer: what is replaced, and by what.
    static let cheats: [(name: String, old: String, new: String)] = [
        (
            "all the advice there is", "Keep the room",
            "Go to bed at the same time each night. Keep your phone out of the bedroom."
                + " Drink your last coffee before lunch. Keep the room"
        ),
        ("two pieces of advice", "Keep the", "Keep your phone out of the bedroom. Keep the"),
        ("advice for somebody else too", "It often", "Use a very hot oven. It often"),
        ("the advice twice", "It often", "Keep the room cool and dark. It often"),
        (
            "all courtesies", "Keep the",
            "I am happy to help. That is a good question. Of course, let us see. Keep the"
        ),
        (
            "all hedges", "Stop if",
            "It may take a few weeks to work. I am not sure it suits you."
                + " Results differ from person to person. Stop if"
        ),
        ("hedge and overclaim", "Stop if", "I promise it cannot fail. Stop if"),
        (
            "all closings", "Good luck",
            "Let me know how it goes. I hope this helps. Ask me again any time. Good luck"
        ),
        ("words that go on", "Good luck with it.", "Good luck with it. and then the the of it"),
        ("everything twice", "Thank you for asking.", String(best.dropFirst()) + " Thank you."),
        ("a broken word", "room", "rooom"),
        ("words in another order", "cool and dark", "dark and cool"),
    ]

    @Test("Cheating does not pay", arguments: cheats)
    func cheating(name: String, old: String, new: String) throws {
        let range = try #require(Self.best.firstRange(of: old))
        var completion = Self.best
        completion.replaceSubrange(range, with: new)
        #expect(score(completion) < score(Self.best), "\(name)")
    }

    @Test("Text without a whole part gets no points, whatever its length")
    func garbled() {
        for words in [1, 5, 20, 200] {
            let completion = String(repeating: " Thank asking room it", count: words)
            #expect(score(completion) <= -3)
        }
        #expect(score(" Thank you for asking") < 0)
        #expect(score(String(repeating: " Thank you for asking.", count: 50)) < -6)
    }

    @Test("Taking any good part out of the best answer, or putting a bad one in, costs points")
    func neighbours() {
        let parts = Self.best.split(separator: ".").map { $0 + "." }
        for index in parts.indices {
            var fewer = parts
            fewer.remove(at: index)
            #expect(score(fewer.joined()) < 6)
        }
        for bad in [
            " Not this again.", " It depends on the situation.", " I promise it cannot fail.",
            " Never mind the risk.", " I could talk about this all day long.",
        ] {
            #expect(score(Self.best + bad) < 6)
        }
    }

    @Test("A thousand answers are scored within three seconds, unoptimized")
    func speed() {
        let rows = Array(data.training.prefix(1000))
        let time = ContinuousClock().measure { for row in rows { _ = data.gold(row) } }
        #expect(time < .seconds(3))
    }
}
