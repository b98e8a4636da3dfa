import Testing

@testable import Notebook

/// Hints, pages, pictures and widths at a real terminal.
@Suite(
    .serialized, .enabled(if: TmuxTerminal.obstacle == nil, "needs tmux: apt-get install tmux"),
    .timeLimit(.minutes(2)))
struct TmuxLookingTests {
    private func terminal(columns: Int, rows: Int) throws -> TmuxTerminal {
        let terminal = try TmuxTerminal(columns: columns, rows: rows)
        let lines = (0..<60).map { index in
            #"{"prompt": "Question \#(index)?", "completion": " Answer number \#(index)."}"#
        }
        try terminal.folder.write("demos.jsonl", Array(lines.joined(separator: "\n").utf8))
        return terminal
    }

    private func leave(_ terminal: TmuxTerminal) throws {
        try terminal.press("C-d")
        try terminal.wait(forLast: "$")
    }

    @Test func aHintIsTakenAndAShortCommandRecordedWhole() throws {
        let terminal = try terminal(columns: 80, rows: 24)
        try terminal.enter("$RLHF ./s")
        try terminal.wait(forCell: 1)
        try terminal.enter(":no a remark of some length")
        try terminal.wait(forCell: 2)
        try terminal.type(":no a")
        try terminal.wait(forLast: "[2]> :no a remark of some length")
        try terminal.type("n")
        try terminal.wait(forLast: "[2]> :no an")
        try terminal.press("BSpace", "Right")
        try terminal.press("Enter")
        try terminal.wait(forCell: 3)
        try terminal.enter(":s demos")
        try terminal.wait(for: "error: :s may be ")
        try leave(terminal)
        #expect(try terminal.blemishes() == [])
        let cells = try SessionFolder.open(at: terminal.folder("s")).cells
        #expect(cells.map(\.source) == Array(repeating: ":note a remark of some length", count: 2))
    }

    @Test func candidatesComeInPartsAndCtrlCStandsBehindTheLine() throws {
        let terminal = try terminal(columns: 60, rows: 15)
        try terminal.enter("$RLHF ./s")
        try terminal.wait(forCell: 1)
        try terminal.type(":")
        try terminal.press("Tab", "Tab")
        try terminal.wait(for: "1 to 12 of ")
        try terminal.press("Tab")
        try terminal.wait(for: "13 to 24 of ")
        // The line is there again, and all of the part above it.
        let screen = try terminal.wait(forLast: "[1]> :")
        #expect(screen.count <= 15)
        try terminal.press("C-c")
        try terminal.wait(forCell: 1)
        try terminal.type(":note one \\")
        try terminal.press("Enter")
        try terminal.type("two")
        try terminal.press("Up", "C-c")
        try terminal.wait(forCell: 1)
        #expect(try terminal.screen().suffix(3) == ["[1]> :note one \\", "two^C", "[1]>"])
        try leave(terminal)
        #expect(try terminal.blemishes() == [])
    }

    @Test func longOutputStopsAtEveryScreen() throws {
        let terminal = try terminal(columns: 60, rows: 15)
        try terminal.enter("$RLHF ./s")
        try terminal.wait(forCell: 1)
        try terminal.enter(":help train ppo")
        try terminal.wait(forLast: "-- more: space  line: enter  all: a  leave: q --")
        try terminal.press("Space")
        try terminal.wait(forLast: "-- more: space  line: enter  all: a  leave: q --")
        try terminal.press("C-c")
        try terminal.wait(forCell: 1)
        // Nothing of the question stays, and what was shown is in the terminal's memory.
        let everything = try terminal.everything()
        #expect(!everything.contains { $0.contains("-- more") })
        #expect(everything.contains { $0.contains(":help train ppo") })
        try leave(terminal)
        #expect(try terminal.blemishes() == [])
    }

    @Test(arguments: [(40, 15), (80, 24), (200, 60)])
    func aRunIsDrawnInPlaceAndPlotsFit(columns: Int, rows: Int) throws {
        let terminal = try terminal(columns: columns, rows: rows)
        try terminal.enter("$RLHF ./s")
        try terminal.wait(forCell: 1)
        try terminal.enter(":load demos demos.jsonl")
        try terminal.wait(forCell: 2)
        try terminal.enter(":train tokenizer --vocab-size 280")
        try terminal.wait(forCell: 3)
        try terminal.enter(
            ":train sft --steps 400 --batch-size 4 --from-scratch "
                + "layers=1,width=32,heads=2,context=64")
        try terminal.wait(forCell: 4, seconds: 90)
        let screen = try terminal.everything()
        #expect(screen.contains { $0.contains("done in") })
        // No frame of the picture is left behind.
        #expect(!screen.contains { $0.contains("┤") || $0.contains("eta") })
        for canvas in ["braille", "block", "ascii"] {
            try terminal.enter(":plot loss --canvas \(canvas)")
            try terminal.wait("the end of the plot") { $0.last?.hasPrefix("[") == true }
        }
        try terminal.enter(":cells")
        // Forty columns have no room for the column of curves.
        try terminal.wait(for: columns < 80 ? "state" : "curve")
        try leave(terminal)
        #expect(try terminal.blemishes() == [])
    }
}
