import HumanFeedback
import OrderedJSON
import Testing

@Suite struct InspectionTests {
    @Test func lengthsAreInCharacters() throws {
        let inspection = Inspection(
            of: try read(
                """
                {"prompt":"é😀","completion":"a"}
                {"prompt":"abcd","completion":"bbb"}
                {"prompt":"abcd","completion":""}
                {"prompt":"abcdefg","completion":"cccc"}
                """))
        #expect(inspection.rowCount == 4)
        #expect(inspection.distinctPrompts == 3)
        #expect(
            inspection.columns.map { "\($0.name) \($0.minimum) \($0.median) \($0.maximum)" }
                == ["prompt 2 4.0 7", "completion 0 2.0 4"])
        #expect(inspection.samples.count == 3)
        #expect(
            inspection.samples[1].map { "\($0.name)=\($0.text)" } == [
                "prompt=abcd", "completion=bbb",
            ])
        #expect(inspection.voteCount == nil)
        #expect(inspection.verdicts == [])
    }

    @Test func votesAreCounted() throws {
        let inspection = Inspection(
            of: try FeedbackFile.read(path: labelStudioFixture("09_export_JSON.out")),
            sampleCount: 1)
        #expect(inspection.rowCount == 2)
        #expect(inspection.voteCount == 4)
        #expect(inspection.annotators.map { "\($0.name) \($0.votes)" } == ["1 3", "2 1"])
        #expect(
            inspection.verdicts.map { "\($0.verdict) \($0.count)" } == [
                "left 2", "right 1", "skip 1",
            ])
    }

    @Test func simulatedAnnotatorsAreMarked() throws {
        let inspection = Inspection(
            of: try read(
                """
                {"pair_id":1,"annotator":"hurried","verdict":"left","simulated":true}
                {"pair_id":1,"annotator":"me","verdict":"tie"}
                """))
        #expect(inspection.annotators.map(\.isSimulated) == [true, false])
        #expect(inspection.distinctPrompts == nil)
        #expect(inspection.columns == [])
    }

    /// Every form that a reward model learns from.
    @Test func thumbsAndRatingsAreRecognisedAndCounted() throws {
        let thumbs = Inspection(
            of: try read(
                """
                {"prompt":"p","completion":"a","label":true}
                {"prompt":[{"role":"user","content":"p"}],"completion":[{"role":"assistant","content":"b"}],"label":false}
                {"prompt":"q","completion":"c","label":true}
                """))
        #expect(thumbs.shape == .unpaired && thumbs.rowCount == 3)
        #expect(thumbs.json["labels"] == ["good": 2, "bad": 1])
        #expect(thumbs.json["ratings"] == nil)
        #expect(thumbs.distinctPrompts == 2)

        let ratings = Inspection(
            of: try read(
                """
                {"prompt":"p","completion":"a","rating":4}
                {"prompt":"p","completion":"b","rating":1.5,"annotator":"x"}
                {"prompt":"q","completion":"c","rating":4}
                """))
        #expect(ratings.shape == .rating && ratings.rowCount == 3 && ratings.distinctPrompts == 2)
        let summary = try #require(ratings.ratings)
        #expect(summary.count == 3 && summary.distinct == 2)
        #expect([summary.minimum, summary.maximum] == [1.5, 4])
        #expect(abs(summary.mean - 9.5 / 3) < 1e-12)
        #expect(ratings.unreadColumns.map(\.name) == ["annotator"])
        #expect(ratings.columns.map(\.name) == ["prompt", "completion"])

        let many = Inspection(
            of: try read(
                """
                {"instruction":"q","completions":[{"response":"a","overall_score":8.5},{"response":"b","overall_score":3},{"response":"c"}]}
                {"instruction":"r","completions":[{"response":"a","overall_score":2},{"response":"b","overall_score":2}]}
                """))
        #expect(many.shape == .rated && many.rowCount == 1)
        #expect(many.ratings?.count == 4 && many.ratings?.distinct == 3)
        #expect(many.counts.map(\.reason) == [.unrated, .tie])

        let ranking = Inspection(of: try read(#"{"prompt":"p","ranking":["a",["b","c"]]}"#))
        #expect(ranking.shape == .ranking && ranking.rowCount == 1)
    }

    @Test func theJSONHasStableKeys() throws {
        let file = try FeedbackFile.read(path: labelStudioFixture("09_export_JSON.out"))
        let json = Inspection(of: file, sampleCount: 0).json
        #expect(
            json.objectValue?.keys == [
                "path", "shape", "rows", "votes", "prompts", "columns", "annotators", "verdicts",
                "counts", "unread_columns", "samples",
            ])
        #expect(json["shape"] == "label-studio")
        #expect(json["verdicts"] == ["left": 2, "right": 1, "skip": 1])
        #expect(
            json["counts"] == [
                "skipped": 1, "draft": 1, "empty-result": 1, "prediction": 3, "ground-truth": 1,
            ])
        let column = json["columns"]?["answer1"]
        #expect(column == ["min": 7, "median": 9.0, "max": 11])
        #expect(
            Inspection(of: try read(#"{"text":"t","x":1}"#)).json.text
                == #"{"path":"rows","shape":"text","rows":1,"columns":{"text":{"min":1,"#
                + #""median":1.0,"max":1}},"counts":{},"unread_columns":{"x":1},"#
                + #""samples":[[{"text":"t"}]]}"#)
    }
}
