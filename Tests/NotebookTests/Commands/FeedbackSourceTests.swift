import HumanFeedback
import TerminalUI
import Testing

@testable import Notebook

@Suite struct FeedbackSourceTests {
    let folder: TemporaryFolder
    let cell = RunningCell(id: "c-1")
    let context: CommandContext

    init() throws {
        folder = try TemporaryFolder()
        context = CommandContext(
            settings: Settings(), console: Console(settings: Settings()), workspace: Workspace(),
            cell: cell)
    }

    @Test func aFileThatACellReadsIsRecordedWithItsDigest() throws {
        let bytes = Array("{\"prompt\":\"Why?\"}\n".utf8)
        try folder.write("p.jsonl", bytes)
        let path = folder("p.jsonl")
        #expect(try context.feedbackFile(path).data == .prompts([Prompt(text: "Why?")]))
        #expect(cell.reads["file:" + path] == Digest(of: bytes))
    }

    @Test func aWordThatIsNeitherSlotNorFileIsSaidToBe() {
        let error = #expect(throws: CommandError.self) { try context.feedbackFile("demoz") }
        #expect(
            error
                == CommandError(
                    "\"demoz\" is neither a slot that is filled nor a file; :show lists the slots"))
    }

    @Test func aFolderIsNoDataFile() {
        #expect(throws: FeedbackError.notAFile(path: folder.path)) {
            try context.feedbackFile(folder.path)
        }
    }

    @Test func countsAreATableOrNothing() {
        #expect(CountsView.table([])?.text(capabilities: .plain) == nil)
        let counts = [ReasonCount(reason: .skipped, count: 1200)]
        #expect(
            CountsView.table(counts)?.text(capabilities: Console.recorded) == """
                counted   rows  meaning
                ───────  ─────  ──────────────────────────────
                skipped  1,200  the annotator skipped the pair

                """)
    }
}
