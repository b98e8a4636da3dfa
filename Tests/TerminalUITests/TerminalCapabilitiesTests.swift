import Testing

@testable import TerminalUI

struct TerminalCapabilitiesTests {
    private func capabilities(
        isTerminal: Bool = true, mode: ColorMode = .auto, isUTF8: Bool = true,
        _ environment: [String: String] = ["TERM": "xterm-256color"]
    ) -> TerminalCapabilities {
        TerminalCapabilities(
            isTerminal: isTerminal, window: isTerminal ? (rows: 50, columns: 120) : nil,
            isUTF8: isUTF8, colorMode: mode, environment: { environment[$0] })
    }

    @Test func aTerminalHasColoursAndAFileHasNone() {
        #expect(capabilities().colorDepth == .ansi256)
        #expect(capabilities(["TERM": "xterm"]).colorDepth == .ansi16)
        #expect(capabilities(isTerminal: false).colorDepth == .none)
        #expect(!capabilities(isTerminal: false).styles)
    }

    @Test func theFlagComesBeforeTheEnvironment() {
        let wantsNone = ["TERM": "xterm-256color", "NO_COLOR": "1"]
        #expect(capabilities(mode: .always, wantsNone).colorDepth == .ansi256)
        #expect(capabilities(isTerminal: false, mode: .always, [:]).colorDepth == .ansi256)
        #expect(
            capabilities(mode: .never, ["TERM": "xterm", "FORCE_COLOR": "1"]).colorDepth == .none)
        #expect(!capabilities(mode: .never).styles)
    }

    @Test func noColorComesBeforeForceColor() {
        let both = ["TERM": "xterm", "NO_COLOR": "1", "FORCE_COLOR": "1"]
        #expect(capabilities(both).colorDepth == .none)
        #expect(capabilities(both).styles)
        #expect(capabilities(["TERM": "xterm", "NO_COLOR": ""]).colorDepth == .ansi16)
        #expect(capabilities(isTerminal: false, ["FORCE_COLOR": "1"]).colorDepth > .none)
        #expect(capabilities(isTerminal: false, ["FORCE_COLOR": ""]).colorDepth == .none)
    }

    @Test(arguments: ["dumb", "unknown", ""])
    func simpleTerminalsGetNoSequences(term: String) {
        let found = capabilities(["TERM": term])
        #expect(found.colorDepth == .none && !found.styles && !found.cursorControl)
    }

    @Test func unicodeNeedsTheLocaleAndATerminalThatIsNotDumb() {
        #expect(capabilities().unicode)
        #expect(!capabilities(isUTF8: false).unicode)
        #expect(!capabilities(["TERM": "dumb"]).unicode)
        #expect(capabilities(isTerminal: false, [:]).unicode)
    }

    @Test func theWidthIsThatOfTheWindowElseOfColumnsElse80() {
        #expect(capabilities(["TERM": "xterm", "COLUMNS": "50"]).columns == 120)
        #expect(capabilities(isTerminal: false, ["COLUMNS": "50"]).columns == 50)
        #expect(capabilities(isTerminal: false, ["COLUMNS": "wide"]).columns == 80)
        #expect(capabilities(isTerminal: false, [:]).columns == 80)
    }
}
