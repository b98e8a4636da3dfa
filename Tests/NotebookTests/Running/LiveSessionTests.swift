import Testing

@testable import Notebook

struct LiveSessionTests {
    @Test func aCommandThatFailsOrWhoseCellFailsSaysHowAScriptEnds() throws {
        let fixture = try NotebookFixture()
        let notebook = fixture.notebook
        func end(_ line: String) throws -> CommandError.ExitCode? {
            fixture.notebook.performUnrecorded(try CommandLineParser.command(line))
        }
        #expect(notebook.execute(LiveSession.Request(source: ":note x")).state == .ok)
        #expect(notebook.execute(LiveSession.Request(source: ":show nothing")).state == .failed)
        #expect(try end(":cells") == nil)
        #expect(try end(":rerun 9") == .usage)
        #expect(try end(":rerun 2") == .failed)
        #expect(try end(":rerun 1") == nil)
    }
}
