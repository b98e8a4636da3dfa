import Testing

@testable import HumanFeedback

struct LabelStudioKeyTests {
    @Test func aRefreshTokenIsExchangedAndAnythingElseIsSentAsItIs() {
        // {"token_type":"refresh"} and {"token_type":"access"}
        let refresh = "eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCJ9.c2ln"
        #expect(LabelStudioKey(refresh) == .personal(refresh))
        for other in [
            "0123456789abcdef", "a.b.c", "", "..",
            "eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIn0.c2ln",
        ] {
            #expect(LabelStudioKey(other) == .legacy(other))
        }
    }
}
