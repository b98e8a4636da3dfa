import Testing

@testable import Notebook

struct RunLookupTests {
    @Test(arguments: [":plot reward --against kl --runs ,", ":plot loss --runs ''"])
    func `runs that name none are refused`(line: String) throws {
        let fixture = try NotebookFixture()
        let cell = fixture.notebook.execute(LiveSession.Request(source: line))
        #expect(cell.state == .failed)
        #expect(cell.error?.hasPrefix("--runs has \"") == true)
        #expect(cell.error?.hasSuffix("expected runs such as 3,7") == true)
    }
}
