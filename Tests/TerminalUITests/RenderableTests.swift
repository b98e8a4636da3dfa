import Testing

@testable import TerminalUI

struct RenderableTests {
    @Test func paragraphsKeepTheirLines() {
        let text = Paragraph("one two\n\nthree\n", indent: 2).text(width: 6, capabilities: .plain)
        #expect(text == "  one\n  two\n\n  thre\n  e\n")
    }

    @Test func stacksLeaveSpaceBetweenParts() {
        let stack = Stack([StyledLine("a"), StyledLine("b")], spacing: 1)
        #expect(stack.text(capabilities: .plain) == "a\n\nb\n")
        #expect(Stack([]).text(capabilities: .plain) == "")
    }
}
