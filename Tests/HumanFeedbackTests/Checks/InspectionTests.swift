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
                "left 1", "right 2", "skip 1",
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

    @Test func theJSONHasStableKeys() throws {
        let file = try FeedbackFile.read(path: labelStudioFixture("09_export_JSON.out"))
        let json = Inspection(of: file, sampleCount: 0).json
        #expect(
            json.objectValue?.keys == [
                "path", "shape", "rows", "votes", "prompts", "columns", "annotators", "verdicts",
                "counts", "unread_columns", "samples",
            ])
        #expect(json["shape"] == "label-studio")
        #expect(json["verdicts"] == ["left": 1, "right": 2, "skip": 1])
        #expect(
            json["counts"] == [
                "skipped": 1, "draft": 1, "empty-result": 1, "prediction": 3, "ground-truth": 1,
            ])
        let column = json["columns"]?["answer1"]
        #expect(column == ["min": 11, "median": 11.0, "max": 11])
        #expect(
            Inspection(of: try read(#"{"text":"t","x":1}"#)).json.text
                == #"{"path":"rows","shape":"text","rows":1,"columns":{"text":{"min":1,"#
                + #""median":1.0,"max":1}},"counts":{},"unread_columns":{"x":1},"#
                + #""samples":[[{"text":"t"}]]}"#)
    }
}
