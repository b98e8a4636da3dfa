import Testing

@testable import Notebook

struct ShowCommandTests {
    @Test func `slots whose artifacts were left out are listed with the others`() throws {
        let fixture = try NotebookFixture()
        let notebook = fixture.notebook
        try fixture.folder.write("p.jsonl", Array(#"{"prompt": "Why?"}"#.utf8))
        let path = fixture.folder("p.jsonl")
        for slot in ["prompts", "eval-prompts"] {
            notebook.execute(LiveSession.Request(source: ":load \(slot) \(path)"))
        }
        notebook.workspace.put(nil, digest: Digest(of: "gone"), in: "policy")
        notebook.execute(LiveSession.Request(source: ":show"))
        let text = fixture.output(of: 3)
        #expect(text.contains("prompts"))
        #expect(text.contains("policy        not kept in this session"))
    }
}
