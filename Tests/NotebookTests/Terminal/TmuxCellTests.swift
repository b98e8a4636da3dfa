import Testing

@testable import Notebook

/// Cells edited, run again and undone at a real terminal.
@Suite(
    .serialized, .enabled(if: TmuxTerminal.obstacle == nil, "needs tmux: apt-get install tmux"),
    .timeLimit(.minutes(2)))
struct TmuxCellTests {
    @Test func theOldTextStandsInTheLineAndThePromptCountsWhatIsStale() throws {
        let terminal = try TmuxTerminal(columns: 100, rows: 40)
        let rows = (0..<30).map {
            #"{"prompt": "Why \#($0)?", "completion": " Because of \#($0)."}"#
        }
        try terminal.folder.write("demos.jsonl", Array(rows.joined(separator: "\n").utf8))
        try terminal.enter("$RLHF ./edit")
        try terminal.wait(forCell: 1)
        try terminal.enter(":load demos demos.jsonl")
        try terminal.wait(forCell: 2)
        try terminal.enter(":train tokenizer --vocab-size 280")
        try terminal.wait(forCell: 3)
        try terminal.enter(
            ":train sft --steps 3 --from-scratch layers=1,width=16,heads=2,context=64")
        try terminal.wait(forCell: 4)

        try terminal.enter(":edit 2")
        try terminal.wait(forLast: "edit [2]> :train tokenizer --vocab-size 280")
        try terminal.press("BSpace", "BSpace")
        try terminal.type("70")
        try terminal.press("Enter")
        try terminal.wait(forLast: "[4 2 stale]>")
        #expect(
            try terminal.screen().contains {
                $0.contains("cell 2 is edited; stale: 3; :rerun stale runs what is out of date")
            })
        try terminal.enter(":why 2")
        try terminal.wait(for: "train tokenizer --vocab-size: was 280, is 270")

        // Ctrl-C leaves the text as it was, and the terminal as well.
        try terminal.enter(":edit 3")
        try terminal.wait("the old text") { $0.last?.hasPrefix("edit [3]> :train sft") == true }
        try terminal.press("C-c")
        try terminal.wait(for: "cell 3 stays as it was")

        try terminal.enter(":rerun stale")
        try terminal.wait(forLast: "[4]>")
        try terminal.wait(for: "2 cells run again")
        try terminal.enter(":undo")
        try terminal.wait(forLast: "[4 1 stale]>")
        try terminal.enter(":redo")
        try terminal.wait(forLast: "[4]>")
        try terminal.enter(":rerun all")
        try terminal.wait(for: "3 cells run again")
        try terminal.wait(for: "from the store, saved")
        try terminal.press("C-d")
        try terminal.wait(forLast: "$")
        let cells = try SessionFolder.open(at: terminal.folder("edit")).cells
        #expect(cells.map(\.state) == [.ok, .ok, .ok])
        #expect(cells[2].isFromStore)
    }
}
