import OrderedJSON
import Testing

@testable import HumanFeedback

/// Rows as the formats' own pages show them.
@Suite struct FormatsTests {
    @Test func alpacasInputGoesBelowTheInstruction() throws {
        let file = try read(
            #"{"instruction":"Add.","input":"1 and 2","output":"3"}"# + "\n"
                + #"{"instruction":"Say hi.","input":"","output":"Hi"}"#)
        #expect(try file.demonstrations().map(\.prompt) == ["Add.\n\n1 and 2", "Say hi."])
        #expect(words(file.counts) == ["joined-input 1"])
    }

    @Test func openAIComparisonsKeepWorkerPolicyAndConfidence() throws {
        let file = try read(
            """
            {"info":{"id":"t3","post":"Long.","title":"T"},"summaries":[{"text":" a","policy":"sup","note":null},{"text":" b","policy":"ref"}],"choice":1,"worker":"w","batch":"b","split":"train","extra":{"confidence":8}}
            """)
        let vote = try #require(try file.votes().first)
        #expect(vote.verdict == .right)
        #expect(vote.annotator == "w")
        #expect(vote.strength == 2)
        #expect(try file.comparisons()[0].rightModel == "ref")
        #expect(file.unreadColumns.map(\.name) == ["batch", "split", "info.title"])
    }

    @Test func everyStepOfConfidenceComesBack() throws {
        for confidence in [1, 2, 3, 4, 6, 7, 8, 9] {
            let choice = confidence < 5 ? 0 : 1
            let file = try read(
                """
                {"info":{"id":"t3","post":"Long."},"summaries":[{"text":"a"},{"text":"b"}],"choice":\(choice),"worker":"w","extra":{"confidence":\(confidence)}}
                """)
            let conversion = try Conversion(of: file, to: .openAIComparisons)
            #expect(conversion.rows[0]["extra"]?["confidence"]?.intValue == confidence)
            #expect(conversion.lost.isEmpty)
        }
    }

    @Test func battlesOfOneQuestionKeepTheirAnswersAndModels() throws {
        let battle = { (a: String, b: String, winner: String) in
            let turns = { (model: String) in
                #"[{"role":"user","content":"q"},{"role":"assistant","content":"\#(model)\#(model)"}]"#
            }
            return #"{"question_id":81,"model_a":"\#(a)","model_b":"\#(b)","winner":"\#(winner)","#
                + #""judge":"j","conversation_a":\#(turns(a)),"conversation_b":\#(turns(b))}"#
        }
        let rows = [
            battle("A", "B", "model_a"), battle("C", "D", "model_b"), battle("B", "A", "model_b"),
        ]
        let file = try read(rows.joined(separator: "\n"))
        #expect(
            try file.preferencePairs().pairs.map { [$0.chosen, $0.rejected] } == [
                ["AA", "BB"], ["DD", "CC"], ["AA", "BB"],
            ])
        #expect(try file.comparisons().map(\.leftModel) == ["A", "C"])
        #expect(try file.votes().map(\.shownOrder) == [.leftFirst, .leftFirst, .rightFirst])
        #expect(words(file.counts) == ["reused-pair-id 1"])
    }

    @Test func arenaBattlesWithoutConversationsAreVotesOnModels() throws {
        let rows = ["model_a", "model_b", "tie", "tie (bothbad)"].enumerated().map {
            #"{"question_id":"\#($0)","model_a":"x","model_b":"y","winner":"\#($1)","judge":"j"}"#
        }
        let file = try read(rows.joined(separator: "\n"))
        #expect(try file.votes().map(\.verdict) == [.left, .right, .tie, .bothBad])
        let ranking = ModelRanking(
            try file.votes(), comparisons: try file.comparisons(), resamples: 5)
        #expect(ranking.places.count == 2)
    }

    @Test func ratingsBecomePairsWithMargins() throws {
        let file = try read(
            """
            {"instruction":"q","completions":[{"model":"m","response":"a","overall_score":8.5},{"response":"b","overall_score":3},{"response":"c","overall_score":3}]}
            """)
        let pairs = try file.preferencePairs().pairs
        #expect(pairs.map { [$0.chosen, $0.rejected] } == [["a", "b"], ["a", "c"]])
        #expect(pairs.map(\.margin) == [5.5, 5.5])
        #expect(words(file.counts) == ["tie 1"])
        #expect(file.unreadColumns == [ColumnCount(name: "completions.model", rows: 1)])
        let ratings = try Conversion(of: file, to: .ratings)
        #expect(ratings.rows.count == 3 && ratings.counts.isEmpty)
    }

    @Test func singleRatingsGiveThePairsOfTheirPrompt() throws {
        let file = try read(
            """
            {"prompt":"q","completion":"a","rating":3}
            {"prompt":"r","completion":"x","rating":9}
            {"prompt":"q","completion":"b","rating":5}
            {"prompt":"q","completion":"c","rating":3}
            """)
        let made = try file.preferencePairs()
        #expect(
            made.pairs.map { [$0.prompt, $0.chosen, $0.rejected] } == [
                ["q", "b", "a"], ["q", "b", "c"],
            ])
        #expect(made.pairs.map(\.margin) == [2, 2])
        #expect(words(made.counts) == ["tie 1"])
        #expect(try file.prompts().map(\.text) == ["q", "r"])
        let converted = try Conversion(of: file, to: .trl)
        #expect(converted.rows.count == 2 && words(converted.counts) == ["tie 1"])
    }

    @Test func ratingsAreReadFromEveryFormThatHasThem() throws {
        func ratings(_ text: String) throws -> [Double] {
            try read(text).ratedCompletions().map(\.rating)
        }
        #expect(try ratings(#"{"prompt":"p","completion":"a","rating":2.5}"#) == [2.5])
        #expect(
            try ratings(
                """
                {"prompt":"p","completion":"a","label":true}
                {"prompt":"p","completion":"b","label":false}
                """) == [1, 0])
        #expect(
            try ratings(
                #"{"instruction":"q","completions":[{"response":"a","score":8},{"text":"b","rating":3}]}"#
            ) == [8, 3])
        #expect(throws: FeedbackError.self) {
            try ratings(#"{"prompt":"p","chosen":"a","rejected":"b"}"#)
        }
        #expect(throws: FeedbackError.self) {
            try ratings(#"{"prompt":"p","completion":"a","rating":"good"}"#)
        }
    }

    @Test func severalTurnsAreRefusedAndCounted() throws {
        let row = { (turns: String) in
            #"{"input":{"messages":[\#(turns)]},"preferred_output":[{"role":"assistant","content":"a"}],"non_preferred_output":[{"role":"assistant","content":"b"}]}"#
        }
        let user = #"{"role":"user","content":"q"}"#
        let file = try read([row(user), row(user + "," + user)].joined(separator: "\n"))
        #expect(try file.preferencePairs().pairs.count == 1)
        #expect(words(file.counts) == ["several-turns 1"])
    }

    @Test func transcriptsOfSeveralTurnsBecomeMessages() throws {
        let start = #"\n\nHuman: hi\n\nAssistant: hello\n\nHuman: why?\n\nAssistant:"#
        let file = try read(#"{"chosen":"\#(start) because","rejected":"\#(start) no"}"#)
        let rows = try Conversion(of: file, to: .conversational).rows
        #expect(rows[0]["prompt"]?.arrayValue?.map { $0["role"] } == ["user", "assistant", "user"])
        #expect(rows[0]["prompt"]?[2]?["content"] == "why?")
        #expect(rows[0]["chosen"]?[0]?["content"] == "because")
        #expect(
            try Conversion(of: file, to: .transcripts).rows[0]["chosen"]?.stringValue
                == "\n\nHuman: hi\n\nAssistant: hello\n\nHuman: why?\n\nAssistant: because")
    }

    @Test func whatAFormHasNoPlaceForIsCounted() throws {
        let file = try read(
            """
            {"prompt":"p","chosen":"a","rejected":"b","margin":1,"annotator":"x"}
            {"prompt":"q \\n\\nHuman: x","chosen":"a","rejected":"b"}
            """)
        let conversion = try Conversion(of: file, to: .transcripts)
        #expect(conversion.lost.map { "\($0.name) \($0.rows)" } == ["margin 1", "annotator 1"])
        #expect(words(conversion.counts) == ["marks-of-turns 1"])
        let battles = try Conversion(of: file, to: .battles)
        #expect(battles.rows.isEmpty)
        #expect(words(battles.counts) == ["no-model-names 2"])
    }
}
