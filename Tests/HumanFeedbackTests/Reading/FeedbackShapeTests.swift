import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct FeedbackShapeTests {
    @Test(
        arguments: [
            (["text"], FeedbackShape.text), (["messages"], .messages), (["prompt"], .promptOnly),
            (["prompt", "completion"], .promptCompletion),
            (["prompt", "completion", "stop_reason"], .promptCompletion),
            (["prompt", "chosen", "rejected"], .preference),
            (["prompt", "chosen", "rejected", "margin"], .preference),
            (["chosen", "rejected"], .implicitPreference),
            (["prompt", "completion", "label"], .unpaired),
            (["prompt", "completion", "label", "rating"], .unpaired),
            (["prompt", "completion", "rating"], .rating),
            (["prompt", "answer1", "answer2"], .pairList), (["prompt", "ranking"], .ranking),
            (["pair_id", "annotator", "verdict"], .vote),
            // A telling key without its partner is still that shape, so that the gap is reported.
            (["prompt", "chosen"], .preference), (["rejected"], .implicitPreference),
            (["prompt", "answer2"], .pairList), (["completion"], .promptCompletion),
            // Not read.
            (["prompt", "completions", "labels"], nil), (["question", "answer"], nil), ([], nil),
        ] as [([String], FeedbackShape?)])
    func keysTellTheShape(keys: [String], shape: FeedbackShape?) {
        #expect(FeedbackShape(of: JSONObject(keys.map { ($0, "x") })) == shape)
    }

    @Test func aDataObjectIsALabelStudioTask() {
        #expect(FeedbackShape(of: JSONObject([("data", ["prompt": "p"])])) == .labelStudio)
        #expect(FeedbackShape(of: JSONObject([("data", "text")])) == nil)
    }
}
