import Testing

@testable import Alignment

@Suite("Repetition and copies")
struct RepetitionTests {
    @Test("the rate is that of plain sets")
    func reference() throws {
        for example in try AssessmentReference.load().repetition {
            let found = repetitionRate(example.length, in: example.completions)
            #expect(abs(found - example.rate) < 1e-12)
        }
    }

    @Test("nothing repeated is 0, a token over and over close to 1, nothing to count is NaN")
    func ends() {
        #expect(repetitionRate(2, in: [[1, 2, 3, 4]]) == 0)
        #expect(repetitionRate(1, in: [[Int](repeating: 7, count: 100)]) == 0.99)
        #expect(repetitionRate(4, in: [[1, 2], []]).isNaN)
    }

    @Test("a copy is a copy whatever white space is around it, and nothing less")
    func copies() {
        let known = [" Keep it dry.", "Ask a friend.\n"]
        #expect(copiedShare(["Keep it dry. ", "Ask a friend", "Other."], from: known) == 1 / 3.0)
        #expect(copiedShare([], from: known).isNaN)
    }
}
