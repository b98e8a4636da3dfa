import OrderedJSON
import Testing

@testable import HumanFeedback

/// Nothing disappears unsaid: what a row holds beside its texts comes back, or is counted as lost in as
/// many rows as had it. Over random rows, for every form.
@Suite struct ConversionLossTests {
    @Test(
        arguments: [
            .preference, .conversational, .transcripts, .alpacaPreference, .openAIPreference,
        ] as [ConversionTarget], 0..<6)
    func ofPairs(target: ConversionTarget, seed: Int) throws {
        var random = RandomTexts(seed: seed)
        let rows = (0..<40).map { index in
            PreferencePair(
                prompt: "p\(index) " + random.text(), chosen: "a" + random.text() + "c",
                rejected: "b" + random.text() + "r", margin: random.optional(0.5),
                weight: random.optional(0.25) ?? 1, confidence: random.optional(0.75) ?? 1,
                promptID: random.optional("id \(index)"),
                annotator: random.optional("ann"), isSimulated: random.number(below: 2) == 0)
        }
        let conversion = try Conversion(of: try read(FeedbackWriter.jsonLines(rows)), to: target)
        let back = try read(FeedbackWriter.jsonLines(conversion.rows)).preferencePairs().pairs
        try #require(back.count == rows.count)
        let fields:
            [(name: String, isThere: (PreferencePair) -> Bool, text: (PreferencePair) -> String)] =
                [
                    ("margin", { $0.margin != nil }, { "\(String(describing: $0.margin))" }),
                    ("weight", { $0.weight != 1 }, { "\($0.weight)" }),
                    ("confidence", { $0.confidence != 1 }, { "\($0.confidence)" }),
                    ("prompt_id", { $0.promptID.hasPrefix("id ") }, { $0.promptID }),
                    ("annotator", { $0.annotator != nil }, { $0.annotator ?? "" }),
                    ("simulated", { $0.isSimulated }, { "\($0.isSimulated)" }),
                ]
        for field in fields {
            let there = rows.filter(field.isThere).count
            let kept = zip(rows, back).filter {
                field.isThere($0) && field.text($0) == field.text($1)
            }
            let lost = conversion.lost.first { $0.name == field.name }?.rows ?? 0
            #expect(kept.count + lost == there, "\(field.name)")
        }
    }

    @Test(
        arguments: [.battles, .openAIComparisons, .labelStudio, .votes] as [ConversionTarget], 0..<6
    )
    func ofVotes(target: ConversionTarget, seed: Int) throws {
        let file = try judged(seed: seed, onlyDecided: target == .openAIComparisons)
        let conversion = try Conversion(of: file, to: target)
        let back = try read(FeedbackWriter.jsonLines(conversion.rows)).votes()
        let votes = try file.votes()
        try #require(back.count == votes.count)
        let fields: [(name: String, isThere: (Vote) -> Bool, text: (Vote) -> String)] = [
            ("verdict", { _ in true }, { $0.verdict.rawValue }),
            ("annotator", { _ in true }, { $0.annotator }),
            ("strength", { $0.strength != nil }, { "\(String(describing: $0.strength))" }),
            ("seconds", { $0.seconds != nil }, { "\(String(describing: $0.seconds))" }),
            ("shown_order", { $0.shownOrder == .rightFirst }, { $0.shownOrder.rawValue }),
            ("criterion", { $0.criterion != nil }, { $0.criterion ?? "" }),
            ("simulated", { $0.isSimulated }, { "\($0.isSimulated)" }),
            ("ground_truth", { $0.isGroundTruth }, { "\($0.isGroundTruth)" }),
            ("ratings", { $0.leftRating != nil }, { "\(String(describing: $0.leftRating))" }),
            ("note", { $0.note != nil }, { $0.note ?? "" }),
            ("flag", { $0.isFlagged }, { "\($0.isFlagged)" }),
            ("repeat", { $0.isRepeat }, { "\($0.isRepeat)" }),
            ("selection", { $0.selection != nil }, { $0.selection ?? "" }),
        ]
        for field in fields {
            let there = votes.filter(field.isThere).count
            let kept = zip(votes, back).filter {
                field.isThere($0) && field.text($0) == field.text($1)
            }
            let lost = conversion.lost.first { $0.name == field.name }?.rows ?? 0
            #expect(kept.count + lost == there, "\(field.name)")
        }
    }

    /// One vote a pair, in the order of the pairs, so that rows can be told one from another.
    private func judged(seed: Int, onlyDecided: Bool) throws -> FeedbackFile {
        var random = RandomTexts(seed: seed)
        let verdicts: [Verdict] = onlyDecided ? [.left, .right] : [.left, .right, .tie, .bothBad]
        let comparisons = (0..<60).map { index in
            Comparison(
                prompt: "p\(index) " + random.text(), left: "a" + random.text(),
                right: "b" + random.text(), id: "pair-\(index)", leftModel: "m",
                rightModel: "n")
        }
        let votes = comparisons.map { comparison in
            Vote(
                comparisonID: comparison.id,
                annotator: ["ann@x.io", "7", "007", "Ann B"][random.number(below: 4)],
                verdict: verdicts[random.number(below: verdicts.count)],
                strength: [nil, 1, 2, 3][random.number(below: 4)],
                seconds: random.optional(2.5),
                shownOrder: random.number(below: 2) == 0 ? .leftFirst : .rightFirst,
                criterion: random.optional("harmless"), isSimulated: random.number(below: 2) == 0,
                isGroundTruth: random.number(below: 2) == 0, leftRating: random.optional(4),
                note: random.optional("a word"), isFlagged: random.number(below: 2) == 0,
                isRepeat: random.number(below: 2) == 0, selection: random.optional("random"))
        }
        return FeedbackFile(
            path: "rows", shape: .battles,
            data: .labelled(comparisons: comparisons, votes: votes),
            lines: comparisons.map { _ in 1 }, counts: [], unreadColumns: [])
    }

    /// Forms of single answers have no place for what belongs to a pair.
    @Test(arguments: [.unpaired, .promptCompletion, .alpaca] as [ConversionTarget])
    func ofPairsTakenApart(target: ConversionTarget) throws {
        let file = try read(
            #"{"prompt":"p","chosen":"a","rejected":"b","margin":1,"weight":0.3,"confidence":0.8,"#
                + #""annotator":"x","simulated":true,"prompt_id":"own"}"#)
        let lost = try Conversion(of: file, to: target).lost.map(\.name)
        let own = target == .alpaca ? ["prompt_id"] : []
        #expect(
            Set(lost) == Set(["margin", "weight", "confidence", "annotator", "simulated"] + own))
    }

    @Test func ofVotesThatBecomePairs() throws {
        let file = try judged(seed: 3, onlyDecided: true)
        let lost = try Conversion(of: file, to: .preference).lost
        for vote in try file.votes() where vote.seconds != nil {
            #expect(lost.contains { $0.name == "seconds" }, "\(vote)")
        }
        #expect(lost.contains { $0.name == "ground_truth" })
        #expect(!lost.contains { $0.name == "simulated" })
    }

    @Test func ofTasksThatHoldMore() throws {
        let file = try read(
            #"[{"data":{"prompt":"p","answer1":"a","answer2":"b","source":"web"},"#
                + #""meta":{"k":1},"annotations":[]}]"#)
        #expect(file.unreadColumns.map(\.name) == ["data.source", "meta.k"])
        #expect(words(try Conversion(of: file, to: .votes).counts) == ["unlabelled 1"])
    }
}
