import HumanFeedback
import Testing

@Suite struct ReasonTests {
    @Test func everyReasonHasItsOwnMeaning() {
        #expect(Set(Reason.allCases.map(\.meaning)).count == Reason.allCases.count)
        #expect(Set(LintReason.allCases.map(\.meaning)).count == LintReason.allCases.count)
        for meaning in Reason.allCases.map(\.meaning) + LintReason.allCases.map(\.meaning) {
            #expect(!meaning.hasSuffix("."), "a part of a sentence: \(meaning)")
        }
    }
}
