import Testing

@testable import TerminalUI

struct VerticalMovementTests {
    @Test func theColumnIsKeptWhereTheLineIsLongEnough() {
        let text = "abcd\nef\nghij"
        #expect(verticalTarget(in: text, cursor: 11, isUp: true) == 7)
        #expect(verticalTarget(in: text, cursor: 6, isUp: true) == 1)
        #expect(verticalTarget(in: text, cursor: 1, isUp: false) == 6)
        #expect(verticalTarget(in: text, cursor: 7, isUp: false) == 10)
    }

    @Test func thereIsNothingBeyondTheEnds() {
        #expect(verticalTarget(in: "a\nb", cursor: 1, isUp: true) == nil)
        #expect(verticalTarget(in: "a\nb", cursor: 2, isUp: false) == nil)
        #expect(verticalTarget(in: "", cursor: 0, isUp: true) == nil)
    }
}
