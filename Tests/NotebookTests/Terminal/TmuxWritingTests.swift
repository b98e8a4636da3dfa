import Testing

@testable import Notebook

/// `:label --mode write` at a real terminal, with a program in the place of the person's editor.
@Suite(
    .serialized, .enabled(if: TmuxTerminal.obstacle == nil, "needs tmux: apt-get install tmux"),
    .timeLimit(.minutes(2)))
struct TmuxWritingTests {
    @Test func answersAreWrittenInTheUsersEditor() throws {
        let terminal = try TmuxTerminal(columns: 80, rows: 24)
        let prompts = (1...3).map { "{\"prompt\": \"Question \($0)?\"}\n" }.joined()
        try terminal.folder.write("prompts.jsonl", Array(prompts.utf8))
        // Writes a number of its own into the first line; the third time it leaves the file alone.
        let editor = """
            echo . >> "$PLACE/times"
            count=$(wc -l < "$PLACE/times")
            if [ "$count" -lt 3 ]; then sed -i "1s/.*/Written by hand, $count./" "$1"; fi

            """
        try terminal.folder.write("editor.sh", Array(editor.utf8))
        try terminal.enter("export PLACE=$PWD EDITOR=\"sh $PWD/editor.sh\"")
        // A folder's name with a quote in it must not end the shell's word.
        try terminal.enter("$RLHF \"./ann's writing\"")
        try terminal.wait(forCell: 1)
        try terminal.enter(":load prompts prompts.jsonl")
        try terminal.wait(forCell: 2)
        try terminal.enter(":label --mode write --count 3 --as ann")
        try terminal.wait(forCell: 3)
        #expect(try terminal.screen().contains("2 demonstrations written by ann"))
        try terminal.enter(":show demos --count 3")
        try terminal.wait(forCell: 4)
        let screen = try terminal.screen().joined(separator: "\n")
        #expect(screen.contains("Written by hand, 1.") && screen.contains("Written by hand, 2."))
        #expect(!screen.contains("write above"))
        try terminal.press("C-d")
        try terminal.wait(forLast: "$")
        #expect(try terminal.blemishes() == [])
    }
}
