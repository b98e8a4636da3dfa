import Glibc
import Testing

@testable import Notebook

/// Whole sessions at a real terminal, typed key by key.
@Suite(
    .serialized, .enabled(if: TmuxTerminal.obstacle == nil, "needs tmux: apt-get install tmux"),
    .timeLimit(.minutes(2)))
struct TmuxSessionTests {
    private static let smallModel = "layers=1,width=32,heads=2,context=64"

    /// A terminal with data files in its folder.
    private func terminal(columns: Int = 90, rows: Int = 40) throws -> TmuxTerminal {
        let terminal = try TmuxTerminal(columns: columns, rows: rows)
        let things = ["lamp", "door", "soup", "letter", "garden"]
        let demonstrations = (0..<60).map { index in
            let thing = things[index % things.count]
            return #"{"prompt": "How do I mend my \#(thing), number \#(index)?", "#
                + #""completion": " Clean the \#(thing) first, then ask a friend."}"#
        }
        try terminal.folder.write(
            "demos.jsonl", Array(demonstrations.joined(separator: "\n").utf8))
        let pairs = (1...3).map { index in
            #"{"prompt": "Question \#(index)?", "answer1": "Yes, number \#(index).", "answer2": "No."}"#
        }
        try terminal.folder.write("pairs.json", Array("[\(pairs.joined(separator: ","))]".utf8))
        return terminal
    }

    private func open(_ session: String, in terminal: TmuxTerminal, cell: Int = 1) throws {
        try terminal.enter("$RLHF ./\(session)")
        try terminal.wait(forCell: cell)
    }

    private func leave(_ terminal: TmuxTerminal) throws {
        try terminal.press("C-d")
        try terminal.wait(forLast: "$")
    }

    /// The words of `stty` that matter to whoever comes after.
    private func expectSaneTerminal(_ terminal: TmuxTerminal) throws {
        try terminal.enter(
            "clear; stty -a | tr ' ' '\\n' | grep -xE '(echo|icanon|isig|icrnl);?' | wc -l")
        try terminal.wait("4 sane modes") { $0.contains("4") && $0.last == "$" }
    }

    // MARK: Completion

    @Test func tabCompletesCommandsOptionsSlotsAndFiles() throws {
        let terminal = try terminal()
        try open("tab", in: terminal)

        try terminal.type(":tra")
        try terminal.press("Tab")
        try terminal.wait(forLast: "[1]> :train")
        try terminal.press("Tab", "Tab")
        try terminal.wait("the recipes with what they do") {
            $0.contains("sft         Supervised fine-tuning on demonstrations.")
                && $0.last == "[1]> :train"
        }
        try terminal.type("sf")
        try terminal.press("Tab")
        try terminal.type("--epo")
        try terminal.press("Tab")
        try terminal.type("2")
        try terminal.wait(forLast: "[1]> :train sft --epochs 2")
        try terminal.type(" --schedule cos")
        try terminal.press("Tab")
        try terminal.wait(forLast: "[1]> :train sft --epochs 2 --schedule cosine")
        try terminal.press("C-c")
        try terminal.wait(forCell: 1)

        try terminal.type(":load dem")
        try terminal.press("Tab")
        try terminal.type("dem")
        try terminal.press("Tab")
        try terminal.wait(forLast: "[1]> :load demos demos.jsonl")
        try terminal.press("Enter")
        try terminal.wait(forCell: 2)
        #expect(try terminal.screen().contains("demos: 60 rows, demonstrations"))

        try terminal.type(":show de")
        try terminal.press("Tab")
        try terminal.wait(forLast: "[2]> :show demos")
        try terminal.press("C-c")
        try terminal.wait(forCell: 2)
        try leave(terminal)
        #expect(try terminal.blemishes() == [])
    }

    @Test func aMisspeltCommandIsAnsweredWithOneSentence() throws {
        let terminal = try terminal()
        try open("spelling", in: terminal)
        try terminal.enter(":trian sft")
        try terminal.wait(for: "error: there is no command :trian; did you mean :train?")
        try terminal.enter(":train sft --stesp 3")
        let screen = try terminal.wait(
            for: "error: :train sft has no option --stesp; did you mean --steps?")
        #expect(!screen.contains { $0.contains("Usage:") })
        // Neither was a cell.
        try terminal.wait(forCell: 1)
        #expect(try terminal.blemishes() == [])
    }

    // MARK: Typing ahead

    @Test func linesTypedAheadAreShownOnceAtTheirPrompts() throws {
        let terminal = try terminal()
        try open("ahead", in: terminal)
        for number in 1...12 { try terminal.enter(number % 3 == 0 ? ":nope" : ":note n\(number)") }
        try terminal.wait(forCell: 9)
        let screen = try terminal.screen()
        let start = try #require(screen.firstIndex(of: "[1]> :note n1"))
        #expect(
            Array(screen[start...].prefix(6)) == [
                "[1]> :note n1", "n1", "[2]> :note n2", "n2", "[3]> :nope",
                "error: there is no command :nope; did you mean :note?",
            ])
        #expect(try terminal.blemishes() == [])
    }

    @Test func aDumbTerminalGetsNoEscapeSequences() throws {
        let terminal = try terminal()
        try terminal.record()
        try terminal.enter("TERM=dumb LC_ALL=C $RLHF ./dumb")
        try terminal.wait(forCell: 1)
        try terminal.type(":trai")
        try terminal.press("Tab", "Tab", "Tab")
        try terminal.wait(for: "Supervised fine-tuning on demonstrations.")
        try terminal.press("C-c")
        try terminal.wait(forCell: 1)
        try terminal.enter(":load demos demos.jsonl")
        try terminal.wait(forCell: 2)
        try terminal.enter(":train tokenizer --vocab-size 280")
        try terminal.wait(forCell: 3)
        try leave(terminal)
        try terminal.enter("echo the end")
        try terminal.wait("the record") { _ in
            (try? terminal.folder.read("raw")).map {
                String(decoding: $0, as: UTF8.self).contains("the end\r\n")
            } ?? false
        }
        let raw = String(decoding: try terminal.folder.read("raw"), as: UTF8.self)
        let start = try #require(raw.firstRange(of: "rlhf 0."))
        let end = try #require(raw.firstRange(of: "kept;"))
        let sent = raw[start.lowerBound..<end.upperBound]
        #expect(sent.contains("demos: 60 rows"))
        #expect(sent.unicodeScalars.allSatisfy { $0.value < 0x7F && $0.value != 0x1B })
    }

    // MARK: History and paste

    @Test func linesAreRememberedAcrossSessions() throws {
        let terminal = try terminal()
        try open("first", in: terminal)
        try terminal.enter(":note alpha")
        try terminal.wait(forCell: 2)
        try terminal.enter(":note beta")
        try terminal.wait(forCell: 3)
        try leave(terminal)

        try open("second", in: terminal)
        try terminal.press("Up")
        try terminal.wait(forLast: "[1]> :note beta")
        try terminal.press("Up")
        try terminal.wait(forLast: "[1]> :note alpha")
        try terminal.press("Down")
        try terminal.wait(forLast: "[1]> :note beta")
        try terminal.press("C-c")
        try terminal.wait(forCell: 1)
        try terminal.press("C-r")
        try terminal.type("alp")
        try terminal.wait(for: "[1]> :note alpha")
        try terminal.press("Enter")
        try terminal.wait(forCell: 2)
        #expect(try terminal.screen().contains("alpha"))
        try leave(terminal)
        #expect(try terminal.blemishes() == [])
    }

    @Test func aPastedBlockBecomesCells() throws {
        let terminal = try terminal()
        try open("paste", in: terminal)
        try terminal.paste(":note one\n:load demos demos.jsonl\n:note two \\\n  and a half\n")
        try terminal.wait(forLast: "  and a half")
        #expect(try terminal.screen().contains("[1]> :note one"))
        // Nothing runs before Enter.
        #expect(try !terminal.screen().contains("one"))
        try terminal.press("Enter")
        try terminal.wait(forCell: 4)
        let screen = try terminal.screen()
        #expect(screen.contains("one"))
        #expect(screen.contains("[2]> :load demos demos.jsonl"))
        #expect(screen.contains("two and a half"))
        try leave(terminal)
        #expect(try terminal.blemishes() == [])
        let cells = try SessionFolder.open(at: terminal.folder("paste")).cells
        #expect(cells.map(\.number) == [1, 2, 3])
    }

    // MARK: Interrupting

    @Test func controlCAtThePromptClearsTheLine() throws {
        let terminal = try terminal()
        try open("clear", in: terminal)
        try terminal.type(":note never")
        try terminal.wait(forLast: "[1]> :note never")
        try terminal.press("C-c")
        try terminal.wait(forCell: 1)
        // Ctrl-D is no end while something stands in the line.
        try terminal.type("x")
        try terminal.press("C-d")
        try terminal.press("BSpace")
        try terminal.wait(forCell: 1)
        try leave(terminal)
        try expectSaneTerminal(terminal)
        #expect(try terminal.blemishes() == [])
    }

    @Test func aStoppedRunGoesOnToTheSameModel() throws {
        let terminal = try terminal()
        let train =
            ":train sft --fresh --steps 1500 --batch-size 4 --learning-rate 1e-3 --from-scratch "
            + Self.smallModel

        for session in ["whole", "stopped"] {
            try open(session, in: terminal)
            try terminal.enter(":load demos demos.jsonl")
            try terminal.wait(forCell: 2)
            try terminal.enter(":train tokenizer --vocab-size 280")
            try terminal.wait(forCell: 3)
            try terminal.enter(train)
            if session == "stopped" {
                try terminal.wait("a step") { $0.last?.contains(/step [1-9]\d*\/1500/) == true }
                try terminal.type("typed ahead, then dropped")
                try terminal.press("C-c")
                try terminal.wait(forCell: 4)
                let screen = try terminal.screen()
                #expect(screen.contains { $0.contains("interrupted after") })
                #expect(screen.contains { $0.contains(":resume goes on from it") })
                try terminal.enter(":resume")
            }
            try terminal.wait("the end of the run", seconds: 90) { lines in
                lines.contains { $0.contains("step 1500/1500") && $0.contains("done in") }
            }
            try terminal.wait(forCell: 4)
            try leave(terminal)
            try terminal.enter("clear")
        }
        #expect(try terminal.blemishes() == [])

        let whole = try SessionFolder.open(at: terminal.folder("whole")).cells
        let stopped = try SessionFolder.open(at: terminal.folder("stopped")).cells
        #expect(whole.map(\.state) == [.ok, .ok, .ok])
        #expect(stopped.map(\.state) == [.ok, .ok, .ok])
        #expect(whole[2].writes["sft"] != nil)
        #expect(whole[2].writes == stopped[2].writes)
        #expect(whole[2].metrics == stopped[2].metrics)
        let journal = try terminal.folder.read("stopped/journal.jsonl")
        #expect(String(decoding: journal, as: UTF8.self).contains("interrupted"))
    }

    @Test func controlZSuspendsAndFgBringsTheLineBack() throws {
        let terminal = try terminal()
        try open("suspend", in: terminal)
        try terminal.type(":note half")
        try terminal.wait(forLast: "[1]> :note half")
        try terminal.press("C-z")
        try terminal.wait(for: "Stopped")
        try terminal.wait(forLast: "$")
        try expectSaneTerminal(terminal)
        try terminal.enter("fg")
        try terminal.wait(forLast: "[1]> :note half")
        try terminal.type(" done")
        try terminal.press("Enter")
        try terminal.wait(forCell: 2)
        #expect(try terminal.screen().contains("half done"))
        try leave(terminal)
        #expect(try terminal.blemishes() == [])
    }

    // MARK: Window

    @Test func aResizeKeepsTheLine() throws {
        let terminal = try terminal(columns: 100, rows: 30)
        try open("resize", in: terminal)
        let line = ":note " + (1...20).map { "word\($0)" }.joined(separator: " ")
        try terminal.type(line)
        try terminal.wait(forLast: "[1]> " + line)
        try terminal.resize(columns: 60, rows: 30)
        try terminal.type(" and")
        try terminal.wait(forLast: "[1]> " + line + " and")
        try terminal.resize(columns: 120, rows: 30)
        try terminal.type(" more")
        let screen = try terminal.wait(forLast: "[1]> " + line + " and more")
        #expect(screen.count { $0.hasPrefix("[1]> ") } == 1)
        try terminal.press("Enter")
        try terminal.wait(forCell: 2)
        try leave(terminal)
        #expect(try terminal.blemishes() == [])
        let cells = try SessionFolder.open(at: terminal.folder("resize")).cells
        #expect(cells.map(\.source) == [line + " and more"])
    }

    // MARK: Labelling

    @Test func pairsAreJudgedWithSingleKeys() throws {
        let terminal = try terminal()
        try open("label", in: terminal)
        try terminal.enter(":load comparisons pairs.json")
        try terminal.wait(forCell: 2)
        try terminal.enter(":label --count 3")
        try terminal.wait(for: "any key goes on")
        try terminal.press("Enter")
        try terminal.wait(for: "1/3  Which answer helps the person more?")
        try terminal.press("t")
        try terminal.wait(for: "2/3  ")
        try terminal.press("u")
        try terminal.wait(for: "undone")
        try terminal.press("l")
        try terminal.wait(for: "left is better (u undoes)")
        // The window changes in the middle; the page is drawn again without a key.
        try terminal.resize(columns: 60, rows: 24)
        try terminal.wait("boxes above each other") { lines in
            lines.count { $0.contains("─ left (l) ─") || $0.contains("─ right (r) ─") } == 2
                && lines.contains { $0.hasPrefix("2/3  ") }
        }
        try terminal.resize(columns: 90, rows: 40)
        try terminal.press("x")
        try terminal.wait(for: "no such key")
        try terminal.press("Right")
        try terminal.wait(for: "3/3  ")
        try terminal.press("s")
        try terminal.wait(for: "All done: 3 questions by me")
        // A slip at the last question is taken back like any other.
        try terminal.press("u")
        try terminal.wait(for: "3/3  ")
        try terminal.press("b")
        try terminal.wait(for: "1 both bad")
        try terminal.press("Enter")
        try terminal.wait(forCell: 3)
        #expect(try terminal.screen().contains("3 votes by me: 2 decided, 1 both bad"))
        #expect(try !terminal.everything().contains { $0.contains("any key goes on") })
        try leave(terminal)
        #expect(try terminal.blemishes() == [])
    }

    @Test func controlCAndAKilledProgramLoseNoAnswer() throws {
        let terminal = try terminal()
        try terminal.enter("sh -c 'echo $$ > pid; exec $RLHF ./label'")
        try terminal.wait(forCell: 1)
        try terminal.enter(":load comparisons pairs.json")
        try terminal.wait(forCell: 2)
        func begin(_ command: String, at question: String) throws {
            try terminal.enter(command)
            try terminal.wait(for: "any key goes on")
            try terminal.press("Enter")
            try terminal.wait(for: question)
        }
        try begin(":label --count 3 --as ann", at: "1/3  ")
        try terminal.press("l")
        try terminal.wait(for: "2/3  ")
        try terminal.press("C-c")
        try terminal.wait(forCell: 3)
        #expect(try terminal.screen().contains("1 vote by ann: 1 decided"))

        try begin(":label --count 3 --as bob", at: "1/3  ")
        try terminal.press("t")
        try terminal.wait(for: "2/3  ")
        try terminal.press("b")
        try terminal.wait(for: "3/3  ")
        let text = String(decoding: try Files.read(terminal.folder("pid")), as: UTF8.self)
        let process = try #require(Int32(text.trimmingBlanks))
        #expect(kill(process, SIGKILL) == 0)
        try terminal.wait(for: "Killed")

        try terminal.enter("$RLHF ./label")
        try terminal.wait(for: ":resume goes on with it")
        try begin(":resume", at: "3/3  ")
        try terminal.press("r")
        try terminal.wait(for: "All done")
        try terminal.press("Enter")
        try terminal.wait(forCell: 4)
        #expect(try terminal.screen().contains("3 votes by bob: 1 decided, 1 tied, 1 both bad"))
        try leave(terminal)
    }

    // MARK: Tutorial

    @Test func enterRunsTheNextCellOfATutorial() throws {
        let terminal = try terminal()
        let page = """
            # A short way

            First the data.

            ```{code-cell} rlhf

            :load demos demos.jsonl
            ```

            Then a word.

            ```{code-cell} rlhf

            :note well done
            ```

            That was all.
            """
        try terminal.folder.write("way.md", Array(page.utf8))
        try terminal.enter("$RLHF tutorial way.md --session way")
        try terminal.wait(forCell: 1)
        #expect(try terminal.screen().contains("First the data."))
        try terminal.press("Enter")
        try terminal.wait(forCell: 2)
        #expect(try terminal.screen().contains("[1]> :load demos demos.jsonl"))
        try terminal.enter(":note in between")
        try terminal.wait(forCell: 3)
        try leave(terminal)

        // The way goes on where it was left.
        try terminal.enter("clear; $RLHF tutorial way.md --session way")
        try terminal.wait(for: "1 of 2 cells are done.")
        try terminal.wait(forCell: 3)
        #expect(try !terminal.screen().contains("First the data."))
        try terminal.press("Enter")
        try terminal.wait(for: "The tutorial ends here")
        try terminal.wait(forCell: 4)
        #expect(try terminal.screen().contains("well done"))
        try leave(terminal)
        #expect(try terminal.blemishes() == [])
    }
}
