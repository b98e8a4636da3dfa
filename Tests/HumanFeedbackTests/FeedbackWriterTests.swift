import HumanFeedback
import OrderedJSON
import Testing

@Suite struct FeedbackWriterTests {
    @Test func linesAreEnded() {
        let rows = [Prompt(text: "a\nb"), Prompt(text: "é/")]
        #expect(
            FeedbackWriter.jsonLines(rows) == "{\"prompt\":\"a\\nb\"}\n{\"prompt\":\"é/\"}\n")
        #expect(FeedbackWriter.jsonLines([Prompt]()) == "")
    }

    @Test func arraysHaveOneRowALine() {
        #expect(FeedbackWriter.jsonArray([["a": 1], [2]]) == "[\n{\"a\":1},\n[2]\n]\n")
        #expect(FeedbackWriter.jsonArray([]) == "[]\n")
    }
}
