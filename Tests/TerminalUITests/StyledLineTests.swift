import Testing

@testable import TerminalUI

struct StyledLineTests {
    let line = StyledLine("loss ", .strong) + StyledLine("0.41", .good)

    @Test func stylesBecomeSequencesWhereTheyShow() {
        #expect(
            line.rendered(for: terminal()) == "\u{1B}[1mloss \u{1B}[0m\u{1B}[38;5;36m0.41\u{1B}[0m")
        #expect(line.rendered(for: .plain) == "loss 0.41")
    }

    @Test func noColorKeepsBold() {
        var capabilities = terminal()
        capabilities.colorDepth = .none
        #expect(line.rendered(for: capabilities) == "\u{1B}[1mloss \u{1B}[0m0.41")
    }

    @Test func sixteenColorsUseTheNearest() {
        var capabilities = terminal()
        capabilities.colorDepth = .ansi16
        #expect(StyledLine("x", .series(1)).rendered(for: capabilities) == "\u{1B}[31mx\u{1B}[0m")
    }

    @Test func neighboursOfOneStyleAreOneSpan() {
        #expect(StyledLine("a") + StyledLine("b") == StyledLine("ab"))
        #expect((StyledLine("a") + StyledLine("", .good) + StyledLine("b")).spans.count == 1)
    }

    @Test func blanksAtTheEndAreNotWritten() {
        #expect((StyledLine("a  ") + StyledLine("   ")).rendered(for: .plain) == "a")
        #expect(StyledLine("   ").rendered(for: .plain) == "")
    }

    @Test func aTerminalWithoutUnicodeGetsASCIIAndAFileItsText() {
        var capabilities = TerminalCapabilities(isTerminal: true)
        #expect(StyledLine("é–").rendered(for: capabilities) == "?-")
        capabilities.isTerminal = false
        #expect(StyledLine("é–").rendered(for: capabilities) == "é–")
    }
}
