import Testing

@testable import LanguageModels

@Suite struct FileAccessTests {
    @Test(arguments: [
        ("a", "."), ("a/b", "a"), ("a/b/", "a"), ("/a", "/"), ("/", "/"), ("a//b", "a"),
        ("/a//", "/"),
    ])
    func theFolderOfAPath(path: String, folder: String) {
        #expect(FileAccess.folder(of: path) == folder)
    }

    @Test func foldersAreMadeWithThoseAboveThem() throws {
        let folder = try TemporaryFolder()
        try FileAccess.createFolder(folder.file("a/b/c/"))
        try FileAccess.createFolder(folder.file("a/b/c"))
        #expect(FileAccess.isFolder(folder.file("a/b/c")))
        try folder.write([], to: "file")
        #expect(throws: LanguageModelError.file(path: folder.file("file"), .isNotFolder)) {
            try FileAccess.createFolder(folder.file("file/b"))
        }
    }

    @Test func withoutACommitNothingIsLeft() throws {
        let folder = try TemporaryFolder()
        try folder.write([7], to: "t")
        func write() throws(LanguageModelError) {
            let file = try AtomicFile(path: folder.file("t"))
            try file.write([UInt8](repeating: 1, count: 100))
        }
        try write()
        #expect(try folder.names() == ["t"])
        #expect(try folder.bytes("t") == [7])
    }

    @Test func whatCannotBeWrittenIsReportedInTheSystemsWords() throws {
        let error = #expect(throws: LanguageModelError.self) {
            try FileAccess.write([1], to: "/proc/nothing/here")
        }
        guard case .file(path: "/proc/nothing/here", .cannotWrite(let reason)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason == "No such file or directory")
    }
}
