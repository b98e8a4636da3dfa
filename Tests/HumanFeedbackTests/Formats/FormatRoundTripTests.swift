import OrderedJSON
import Testing

@testable import HumanFeedback

/// What a form can hold comes back as it was, over random texts with the characters that go wrong.
@Suite struct FormatRoundTripTests {
    /// Pairs that a trainer can use: texts that are neither empty nor the same.
    private func pairs(seed: Int) -> [PreferencePair] {
        var random = RandomTexts(seed: seed)
        return (0..<40).map { index in
            PreferencePair(
                prompt: "p\(index) " + random.text(), chosen: "a" + random.text() + "c",
                rejected: "b" + random.text() + "r")
        }
    }

    private func written(_ file: FeedbackFile, _ target: ConversionTarget) throws -> String {
        FeedbackWriter.jsonLines(try Conversion(of: file, to: target).rows)
    }

    @Test(
        arguments: [
            .preference, .conversational, .alpacaPreference, .openAIPreference,
        ] as [ConversionTarget], 0..<8)
    func preferencePairsComeBack(target: ConversionTarget, seed: Int) throws {
        let rows = pairs(seed: seed)
        let text = try written(try read(FeedbackWriter.jsonLines(rows)), target)
        #expect(try read(text).preferencePairs().pairs == rows)
        // The form itself is a fixed point.
        #expect(try written(try read(text), target) == text)
    }

    /// Through transcripts a prompt gets its marks; taking them off gives it back.
    @Test(arguments: 0..<8) func transcriptsComeBackAsConversations(seed: Int) throws {
        let rows = pairs(seed: seed)
        let text = try written(try read(FeedbackWriter.jsonLines(rows)), .transcripts)
        #expect(try written(try read(text), .transcripts) == text)
        let conversations = try written(try read(text), .conversational)
        let plain = try read(conversations).preferencePairs().pairs
        #expect(plain.map(\.chosen) == rows.map(\.chosen))
        #expect(plain.map(\.rejected) == rows.map(\.rejected))
    }

    @Test(arguments: 0..<8) func rankingsComeBack(seed: Int) throws {
        var random = RandomTexts(seed: seed)
        let rankings = (0..<30).map { index in
            Ranking(
                prompt: "p\(index) " + random.text(),
                tiers: [["a" + random.text(), "b" + random.text()], ["c" + random.text()]],
                promptID: "q-\(index % 7)", annotator: index % 2 == 0 ? "ann" : nil)
        }
        let file = try read(FeedbackWriter.jsonLines(rankings))
        #expect(try read(try written(file, .ranking)).data == .rankings(rankings))
    }

    @Test(arguments: 0..<8) func preferencesAreRankingsOfTwo(seed: Int) throws {
        let rows = pairs(seed: seed)
        let text = try written(try read(FeedbackWriter.jsonLines(rows)), .ranking)
        #expect(try read(text).preferencePairs().pairs == rows)
    }

    @Test func aTieIsOneTierAndTwoBadAnswersAreNone() throws {
        let file = try judged(seed: 1, verdicts: [.left, .right, .tie, .bothBad, .skip])
        let conversion = try Conversion(of: file, to: .ranking)
        let votes = try file.votes()
        let tiers = conversion.rows.map { $0["ranking"]?.arrayValue?.count }
        #expect(tiers.count { $0 == 1 } == votes.count { $0.verdict == .tie })
        #expect(tiers.count { $0 == 2 } == votes.count { $0.verdict.isDecided })
        let bad = votes.count { $0.verdict == .bothBad }
        #expect(bad > 0 && conversion.counts == [ReasonCount(reason: .bothBad, count: bad)])
        #expect(
            conversion.lost
                == ["pair_id", "models"].map {
                    ColumnCount(name: $0, rows: tiers.count)
                })
    }

    private func judged(seed: Int, verdicts: [Verdict]) throws -> FeedbackFile {
        var random = RandomTexts(seed: seed)
        let comparisons = (0..<30).map { index in
            Comparison(
                prompt: "p\(index) " + random.text(), left: "a" + random.text(),
                right: "b" + random.text(), id: "pair-\(index)", leftModel: "m\(index % 3)",
                rightModel: "n\(index % 2)")
        }
        let votes = comparisons.flatMap { comparison in
            ["ann@x.io", "7"].map { name in
                Vote(
                    comparisonID: comparison.id, annotator: name,
                    verdict: verdicts[random.number(below: verdicts.count)])
            }
        }
        return FeedbackFile(
            path: "rows", shape: .battles,
            data: .labelled(comparisons: comparisons, votes: votes),
            lines: comparisons.map { _ in 1 }, counts: [], unreadColumns: [])
    }

    @Test(arguments: 0..<8) func battlesComeBack(seed: Int) throws {
        let file = try judged(seed: seed, verdicts: [.left, .right, .tie, .bothBad])
        #expect(try read(try written(file, .battles)).data == file.data)
    }

    @Test(arguments: 0..<8) func labelStudioTasksComeBack(seed: Int) throws {
        let file = try judged(
            seed: seed, verdicts: [.left, .right, .tie, .bothBad, .skip])
        let back = try read(try written(file, .labelStudio))
        #expect(try back.votes() == file.votes())
        #expect(
            try back.comparisons().map { [$0.id, $0.prompt, $0.left, $0.right] }
                == file.comparisons().map { [$0.id, $0.prompt, $0.left, $0.right] })
    }

    @Test(arguments: 0..<8) func openAIComparisonsComeBack(seed: Int) throws {
        let file = try judged(seed: seed, verdicts: [.left, .right])
        let text = try written(file, .openAIComparisons)
        let back = try read(text)
        #expect(try back.votes().map(\.verdict) == file.votes().map(\.verdict))
        #expect(try written(back, .openAIComparisons) == text)
    }

    @Test(arguments: 0..<8) func ourOwnPairsAndVotesComeBack(seed: Int) throws {
        let file = try judged(seed: seed, verdicts: Verdict.allCases)
        #expect(try read(try written(file, .pairList)).comparisons() == file.comparisons())
        #expect(try read(try written(file, .votes)).votes() == file.votes())
    }

    @Test(
        arguments: [.promptCompletion, .conversational, .alpaca, .trl] as [ConversionTarget], 0..<8)
    func demonstrationsComeBack(target: ConversionTarget, seed: Int) throws {
        var random = RandomTexts(seed: seed)
        let rows = (0..<30).map {
            Demonstration(prompt: "p\($0)" + random.text(), completion: "a" + random.text() + "z")
        }
        let text = try written(try read(FeedbackWriter.jsonLines(rows)), target)
        #expect(try read(text).demonstrations() == rows)
    }

    @Test(arguments: 0..<8) func judgedCompletionsAndPromptsComeBack(seed: Int) throws {
        var random = RandomTexts(seed: seed)
        let rows = (0..<30).map {
            LabelledCompletion(
                prompt: "p\($0)" + random.text(), completion: "a" + random.text() + "z",
                isGood: random.number(below: 2) == 0, promptID: random.optional("q\($0)"))
        }
        let file = try read(FeedbackWriter.jsonLines(rows))
        #expect(try read(try written(file, .unpaired)).data == .labelledCompletions(rows))
        let prompts = rows.map { Prompt(text: $0.prompt, id: $0.promptID) }
        #expect(try read(try written(file, .promptOnly)).prompts() == prompts)
    }

    @Test(arguments: [.ratings, .ultraFeedback] as [ConversionTarget], 0..<8)
    func ratingsComeBack(target: ConversionTarget, seed: Int) throws {
        var random = RandomTexts(seed: seed)
        let rows = (0..<10).flatMap { index in
            let prompt = "p\(index) " + random.text()
            return (0..<random.number(below: 4) + 1).map { answer in
                RatedCompletion(
                    prompt: prompt, completion: "a\(answer)" + random.text() + "z",
                    rating: Double(random.number(below: 21)) / 4)
            }
        }
        let text = try written(try read(FeedbackWriter.jsonLines(rows)), target)
        #expect(try read(text).ratedCompletions() == rows)
        #expect(try written(try read(text), target) == text)
    }

    @Test func ratingsHavePromptIDsOnlyInOurForm() throws {
        let rows = [
            RatedCompletion(prompt: "p", completion: "a", rating: 4, promptID: "own"),
            RatedCompletion(prompt: "q", completion: "b", rating: 2),
            RatedCompletion(prompt: "p", completion: " ", rating: 3),
        ]
        let file = try read(FeedbackWriter.jsonLines(rows))
        let ours = try Conversion(of: file, to: .ratings)
        #expect(ours.lost.isEmpty && words(ours.counts) == ["empty-text 1"])
        let theirs = try Conversion(of: file, to: .ultraFeedback)
        #expect(theirs.lost == [ColumnCount(name: "prompt_id", rows: 1)])
        #expect(
            theirs.rows.map(\.text) == [
                #"{"instruction":"p","completions":[{"response":"a","overall_score":4.0}]}"#,
                #"{"instruction":"q","completions":[{"response":"b","overall_score":2.0}]}"#,
            ])
    }

    @Test func thumbsAndTheRatingsOfVotesAreRatings() throws {
        let thumbs = try read(
            """
            {"prompt":"p","completion":"a","label":true}
            {"prompt":"p","completion":"b","label":false}
            """)
        #expect(
            try Conversion(of: thumbs, to: .ultraFeedback).rows.map(\.text) == [
                #"{"instruction":"p","completions":[{"response":"a","overall_score":1.0},"#
                    + #"{"response":"b","overall_score":0.0}]}"#
            ])
        let comparison = Comparison(prompt: "p", left: "a", right: "b", id: "1")
        let vote = Vote(
            comparisonID: "1", annotator: "x", verdict: .left, leftRating: 5, rightRating: nil)
        let judged = FeedbackFile(
            path: "rows", shape: .labelStudio,
            data: .labelled(comparisons: [comparison], votes: [vote]), lines: [1], counts: [],
            unreadColumns: [])
        let conversion = try Conversion(of: judged, to: .ratings)
        #expect(
            conversion.rows.map(\.text) == [#"{"prompt":"p","completion":"a","rating":5.0}"#])
        #expect(words(conversion.counts) == ["unrated 1"])
        #expect(conversion.lost.map(\.name) == ["verdict", "annotator"])
    }

    @Test func pairsHaveNoRatings() throws {
        let file = try read(FeedbackWriter.jsonLines(pairs(seed: 1)))
        #expect(throws: FeedbackError.self) { try Conversion(of: file, to: .ultraFeedback) }
    }

    /// Several turns go through messages and come back as they were.
    @Test(arguments: [.conversational, .openAIPreference] as [ConversionTarget], 0..<4)
    func turnsComeBack(target: ConversionTarget, seed: Int) throws {
        var random = RandomTexts(seed: seed)
        let rows = (0..<20).map { index in
            let turns = (0..<(2 * random.number(below: 3) + 3)).map { "t\($0)" + random.text() }
            return PreferencePair(
                prompt: Transcript.prompt(turns: turns), chosen: " a\(index)" + random.text() + "c",
                rejected: " b" + random.text() + "r")
        }
        let text = try written(try read(FeedbackWriter.jsonLines(rows)), target)
        #expect(try read(text).preferencePairs().pairs == rows)
        #expect(
            try read(try written(try read(text), .transcripts)).preferencePairs().pairs == rows)
    }

    @Test func votesAndTheirPairsAreConvertedTogether() throws {
        let pairs = [
            Comparison(prompt: "p", left: "a", right: "b", id: "1"),
            Comparison(prompt: "q", left: "c", right: "d", id: "2"),
        ]
        let votes = try read(
            """
            {"pair_id":"1","annotator":"x","verdict":"right","left_rating":1,"right_rating":4}
            {"pair_id":"2","annotator":"x","verdict":"skip"}
            {"pair_id":"3","annotator":"x","verdict":"left"}
            """)
        let both = try votes.judging(pairs)
        #expect(words(both.counts) == ["skipped 1", "unknown-pair 1"])
        #expect(
            try Conversion(of: both, to: .preference).rows.map(\.text) == [
                #"{"prompt":"p","chosen":"b","rejected":"a","annotator":"x"}"#
            ])
        #expect(
            try Conversion(of: both, to: .ratings).rows.map { $0["rating"]?.doubleValue } == [1, 4])
        let tasks = try read(
            FeedbackWriter.jsonArray(try Conversion(of: both, to: .labelStudio).rows))
        #expect(try tasks.votes().map(\.verdict) == [.right, .skip])
        #expect(throws: FeedbackError.self) {
            try read(#"{"prompt":"p"}"#).judging(pairs)
        }
    }

    @Test func ratingsFarFromTheOthersOfTheirPromptAreCounted() throws {
        var memory = Conversion.Memory()
        let first = try read(#"{"prompt":"p","completion":"a","rating":1}"#)
        let second = try read(
            #"{"prompt":"p","completion":"b","rating":2}"# + "\n"
                + #"{"prompt":"q","completion":"c","rating":2}"#)
        _ = try Conversion(of: first, to: .preference, memory: &memory)
        let conversion = try Conversion(of: second, to: .preference, memory: &memory)
        #expect(words(conversion.counts) == ["apart 1"])
    }
}
