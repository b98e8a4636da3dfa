import Foundation
import Testing

@testable import TerminalUI

/// The editor on a real pseudo terminal. One test at a time: a process has one window signal.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct LibeditEditorTests {
    static let up = "\u{1B}[A"
    static let down = "\u{1B}[B"

    @Test func enterGivesTheLine() throws {
        let session = try EditingSession()
        #expect(session.line(typing: "plot reward\r") == .line("plot reward"))
    }

    @Test(arguments: ["\r", "\n"])
    func enterComesInBothForms(key: String) throws {
        #expect(try EditingSession().line(typing: "a" + key) == .line("a"))
    }

    @Test func textOutsideASCIIArrivesIntact() throws {
        let session = try EditingSession()
        #expect(session.line(typing: "héllo 日本 👍\r") == .line("héllo 日本 👍"))
    }

    @Test func bytesThatAreNotUTF8AreDroppedAndTheRestKept() throws {
        let session = try EditingSession()
        let result = session.line(actions: [.type("a"), .bytes([0xFF, 0xC3, 0x28]), .type("b\r")])
        #expect(result == .line("ab"))
    }

    @Test func controlCCancelsAndTheNextLineIsClean() throws {
        let session = try EditingSession()
        #expect(session.line(typing: "half\u{3}") == .cancelled)
        #expect(session.shown.contains("^C"))
        #expect(session.line(typing: "b\r") == .line("b"))
    }

    @Test func controlDEndsOnlyAnEmptyLine() throws {
        let session = try EditingSession()
        #expect(session.line(typing: "\u{4}") == .endOfInput)
        #expect(session.line(typing: "x\u{4}y\r") == .line("xy"))
    }

    @Test func aLineCanBePrefilled() throws {
        let session = try EditingSession()
        let line = session.line(prefill: "train ppo\n--steps 10", typing: "0\r")
        #expect(line == .line("train ppo\n--steps 100"))
    }

    @Test func keysMoveAndDelete() throws {
        let session = try EditingSession()
        let home = "\u{1B}[H"
        let end = "\u{1B}[F"
        let delete = "\u{1B}[3~"
        let wordLeft = "\u{1B}[1;5D"
        let wordRight = "\u{1B}[1;5C"
        #expect(session.line(typing: "bc\(home)a\(end)d\r") == .line("abcd"))
        #expect(session.line(typing: "abc\(home)\(delete)\r") == .line("bc"))
        #expect(session.line(typing: "one two\(wordLeft)X\r") == .line("one Xtwo"))
        #expect(session.line(typing: "one two\(home)\(wordRight)X\r") == .line("oneX two"))
        #expect(session.line(typing: "one two\u{17}\r") == .line("one "))
        #expect(session.line(typing: "one\u{15}two\r") == .line("two"))
    }

    @Test func arrowsRecallEntriesThatBeginAsTheLineDoes() throws {
        let session = try EditingSession()
        for entry in ["train reward", "plot train", "train ppo", "help"] {
            session.editor.addHistory(entry)
        }
        #expect(session.line(typing: Self.up + "\r") == .line("help"))
        #expect(session.line(typing: "tr" + Self.up + "\r") == .line("train ppo"))
        #expect(session.line(typing: "tr" + Self.up + Self.up + "\r") == .line("train reward"))
        #expect(session.line(typing: "tr" + Self.up + Self.down + "\r") == .line("tr"))
    }

    /// The rest of an earlier line stands dim behind the cursor, gone before the next key is drawn.
    @Test func theHistoryHintsHowALineGoesOn() throws {
        let session = try EditingSession()
        session.editor.addHistory("train reward --steps 20")
        let dim = "\u{1B}[2min reward --steps 20\u{1B}[0m"
        let taken = session.line(actions: [.type("tra"), .wait(dim), .type("\u{1B}[C\r")])
        #expect(taken == .line("train reward --steps 20"))
        for key in ["\u{6}", "\u{5}", "\u{1B}[F", "\u{1B}OC"] {
            let line = session.line(actions: [.type("tra"), .wait(dim), .type(key + "\r")])
            #expect(line == .line("train reward --steps 20"))
        }
        let left = session.line(actions: [
            .type("tra"), .wait(dim), .type("p"), .wait("\u{1B}[K"), .type("\r"),
        ])
        #expect(left == .line("trap"))
    }

    @Test func aHintThatDoesNotFitIsCut() throws {
        let session = try EditingSession(columns: 20)
        session.editor.addHistory("ab" + String(repeating: "日", count: 20))
        let line = session.line(actions: [
            .type("ab"), .wait("\u{1B}[2m" + String(repeating: "日", count: 6) + "\u{1B}[0m"),
            .type("\r"),
        ])
        #expect(line == .line("ab"))
    }

    @Test func forwardAndEndMoveWithinTheLine() throws {
        let session = try EditingSession()
        #expect(session.line(typing: "ac\u{1}\u{1B}[Cb\u{1B}[Fd\r") == .line("abcd"))
    }

    @Test func aBackslashAtTheEndGoesOnBelow() throws {
        let session = try EditingSession()
        #expect(session.line(typing: "train \\\r--steps 3\r") == .line("train \\\n--steps 3"))
        #expect(session.line(typing: "a\\\\\r") == .line("a\\\\"))
        // The line above can be changed.
        #expect(
            session.line(typing: "one\\\rtwo" + Self.up + "!\u{1B}[B" + "?\r")
                == .line("one!\\\ntwo?"))
    }

    /// A lone Escape is one only when nothing follows it for a while, on a busy machine too.
    private static let longPause = Array(repeating: Action.pause, count: 25)

    @Test func theUsersEditrcChoosesVi() throws {
        let path = "/tmp/rlhf-editrc-\(getpid())"
        try "bind -v\n".write(toFile: path, atomically: true, encoding: .utf8)
        defer { _ = unsafe unlink(path) }
        unsafe setenv("EDITRC", path, 1)
        defer { unsafe setenv("EDITRC", "/dev/null", 1) }
        let session = try EditingSession()
        // Escape, then commands: to the beginning, one character less, back to typing.
        let line = session.line(
            actions: [
                .waitForRawMode, .type("xabc"), .wait("xabc"), .type("\u{1B}"),
            ] + Self.longPause + [.type("0x"), .type("i"), .type("-\r")])
        #expect(line == .line("-abc"))
        // The arrow keys and Ctrl-C are what they were.
        #expect(session.line(typing: "bc\u{1B}[D\u{1B}[Da\r") == .line("abc"))
        // Right behind an Escape it would be a key of its own.
        let cancelled = session.line(
            actions: [.type("abc\u{1B}")] + Self.longPause + [.type("\u{3}")])
        #expect(cancelled == .cancelled)
    }

    @Test func controlRSearchesTheHistory() throws {
        let session = try EditingSession()
        for entry in ["train reward", "plot kl", "help"] { session.editor.addHistory(entry) }
        #expect(session.line(typing: "\u{12}rewa", "\r", "\r") == .line("train reward"))
    }

    @Test func anEntryOfSeveralLinesComesBackWhole() throws {
        let session = try EditingSession()
        session.editor.addHistory("first \"quoted\"\nsecond")
        #expect(session.line(typing: Self.up + "!\r") == .line("first \"quoted\"\nsecond!"))
    }

    @Test func tabCompletesThenLists() throws {
        let session = try EditingSession()
        let offered = [Completion(":train", description: "trains"), Completion(":tokenizer")]
        session.editor.completer = { $0.word.hasPrefix(":") ? offered : [] }
        #expect(session.line(typing: ":tr\tx\r") == .line(":train x"))
        #expect(session.line(typing: ":\t\r") == .line(":t"))
        let listed = session.line(actions: [
            .type(":t\t"), .type("\t"), .wait("trains"), .wait(":t"), .type("o\t8\r"),
        ])
        #expect(listed == .line(":tokenizer 8"))
        #expect(session.line(typing: "x\ty\r") == .line("xy"))
    }

    @Test func aPasteOfSeveralLinesIsOneLine() throws {
        let session = try EditingSession()
        let paste = "\u{1B}[200~:load a\r:train sft\rnb> :plot loss\r\u{1B}[201~"
        #expect(session.line(typing: paste + "\r") == .line(":load a\n:train sft\n:plot loss"))
        #expect(session.shown.contains("\u{1B}[?2004h"))
        #expect(session.shown.hasSuffix("\u{1B}[?2004l"))
    }

    @Test func aPasteCannotTypeKeys() throws {
        let session = try EditingSession()
        let paste = "\u{1B}[200~a\u{3}b\tc\u{1B}[201~"
        #expect(session.line(typing: paste + "\r") == .line("ab\tc"))
    }

    @Test func fiveHundredPastedLinesArrive() throws {
        let session = try EditingSession()
        let lines = (1...500).map { ":note \($0)" }
        let paste = "\u{1B}[200~" + lines.joined(separator: "\r") + "\u{1B}[201~\r"
        // In pieces, as a terminal's queue is shorter.
        let pieces = stride(from: 0, to: paste.count, by: 500).map {
            Action.type(String(paste.dropFirst($0).prefix(500)))
        }
        let actions = pieces.flatMap { [$0, .pause] }
        #expect(session.line(actions: actions) == .line(lines.joined(separator: "\n")))
    }

    @Test func altEnterInsertsANewline() throws {
        #expect(try EditingSession().line(typing: "a\u{1B}\rb\r") == .line("a\nb"))
    }

    @Test func aHalfTypedLineSurvivesAResize() throws {
        let session = try EditingSession()
        let result = session.line(actions: [
            .type("half"), .wait("half"), .resize(columns: 40), .wait("half"), .type(" whole\r"),
        ])
        #expect(result == .line("half whole"))
    }

    /// The terminal has wrapped the line by then: it is drawn from the row where the prompt is now.
    @Test func aWrappedLineIsErasedWholeBeforeItIsDrawnAgain() throws {
        let session = try EditingSession()
        let result = session.line(actions: [
            .type("a line of thirty characters 日"), .wait("日"), .resize(columns: 20),
            .wait("\u{1B}[1A\r\u{1B}[J"), .wait("nb> a line"), .type("!\r"),
        ])
        #expect(result == .line("a line of thirty characters 日!"))
    }

    @Test func theTerminalIsAsBeforeAfterALine() throws {
        let session = try EditingSession()
        let before = session.localModes
        _ = session.line(typing: "a\r")
        #expect(session.localModes == before)
    }

    @Test func whileACellRunsKeysAreSilentAndKept() throws {
        let session = try EditingSession()
        _ = session.line(typing: "a\r")
        let before = session.localModes
        session.editor.beginRunning()
        #expect(session.localModes & tcflag_t(ECHO) == 0)
        #expect(session.localModes & tcflag_t(ISIG) != 0)
        let length = session.shown.count
        session.result(of: [.type("ahead\r")]) { _ in usleep(20_000) }
        #expect(session.shown.count == length)
        session.editor.endRunning()
        #expect(session.localModes == before)
        let line = session.result(of: []) { $0.readLine(prompt: "nb> ") }
        #expect(line == .line("ahead"))
    }

    @Test func aColouredPromptEndsItsColour() throws {
        let session = try EditingSession()
        let prompt = StyledLine("nb[3]> ", .prompt)
        let line = session.result(of: [.wait("nb[3]>"), .type("x\r")]) {
            $0.readLine(prompt: prompt)
        }
        #expect(line == .line("x"))
        #expect(session.shown.contains("\u{1B}[1;38;5;36mnb[3]>\u{1B}[0m "))
    }

    @Test func singleKeysAreReadWithoutEnter() throws {
        let session = try EditingSession()
        let before = session.localModes
        let actions: [Action] = [.waitForRawMode, .type("1é\u{1B}[A\r")]
        let keys = session.result(of: actions) { editor in (0..<4).map { _ in editor.readKey() } }
        #expect(
            keys == [.key(.character("1")), .key(.character("é")), .key(.up), .key(.enter)])
        #expect(
            session.result(of: [.waitForRawMode, .type("\u{3}")]) { $0.readKey() } == .cancelled)
        #expect(session.localModes == before)
    }

    @Test func aFileIsNoTerminal() throws {
        let file = unsafe open("/dev/null", O_RDWR)
        defer { close(file) }
        #expect(throws: TerminalError.notATerminal(descriptor: file)) {
            try LibeditEditor(program: "test", capabilities: .plain, input: file, output: file)
        }
    }
}
