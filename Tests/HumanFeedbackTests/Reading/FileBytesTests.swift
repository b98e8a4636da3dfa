import Foundation
import HumanFeedback
import Testing

@Suite struct FileBytesTests {
    @Test func aMissingFileIsToldApart() throws {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "nothing.jsonl").path
        #expect(throws: FeedbackError.missingFile(path: path)) {
            try FeedbackFile.read(path: path)
        }
        let below = try folder.file("x") + "/deeper.jsonl"
        #expect(throws: FeedbackError.missingFile(path: below)) {
            try FeedbackFile.read(path: below)
        }
    }

    @Test func aFolderIsNotAFile() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FeedbackError.notAFile(path: folder.url.path)) {
            try FeedbackFile.read(path: folder.url.path)
        }
        #expect(throws: FeedbackError.notAFile(path: folder.url.path)) {
            try FeedbackWriter.write("x", path: folder.url.path)
        }
    }

    @Test func emptyFilesAreToldApart() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("")
        #expect(throws: FeedbackError.emptyFile(path: path)) {
            try FeedbackFile.read(path: path)
        }
    }

    /// A process may open its own memory but has nothing at address 0.
    @Test func unreadableFilesHaveTheSystemsReason() {
        let path = "/proc/self/mem"
        #expect(throws: FeedbackError.cannotRead(path: path, reason: "Input/output error")) {
            try FeedbackFile.read(path: path)
        }
    }

    @Test func writingFailsWithTheSystemsReason() throws {
        let path = "/proc/nothing/rows.jsonl"
        #expect(
            throws: FeedbackError.cannotWrite(path: path, reason: "No such file or directory")
        ) { try FeedbackWriter.write("x", path: path) }
    }

    @Test func aFullDiskIsAnError() {
        let path = "/dev/full"
        #expect(
            throws: FeedbackError.cannotWrite(path: path, reason: "No space left on device")
        ) { try FeedbackWriter.write("x", path: path) }
    }

    @Test func writingReplacesTheWholeFileAndLeavesNothingBehind() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file(String(repeating: "old\n", count: 100))
        try FeedbackWriter.write("{\"prompt\":\"new\"}\n", path: path)
        #expect(try FeedbackFile.read(path: path).prompts() == [Prompt(text: "new")])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(names == ["rows.jsonl"])
    }

    /// A pipe has no size beforehand and arrives in pieces.
    @Test func pipesAreReadToTheirEnd() throws {
        let folder = try TemporaryFolder()
        let rows = (0..<4_000).map { Prompt(text: "prompt number \($0), a little longer") }
        let source = try folder.file(FeedbackWriter.jsonLines(rows))
        let pipe = folder.url.appending(path: "pipe").path
        let make = try Process.run(URL(filePath: "/usr/bin/mkfifo"), arguments: [pipe])
        make.waitUntilExit()
        let writer = try Process.run(
            URL(filePath: "/bin/sh"), arguments: ["-c", "cat \"$0\" > \"$1\"", source, pipe])
        #expect(try FeedbackFile.read(path: pipe).data == .prompts(rows))
        writer.waitUntilExit()
    }

    /// An export is read as a whole, of which a pipe gives only one chance.
    @Test func anExportComesThroughAPipeTooPartByPart() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.url.appending(path: "pipe").path
        let make = try Process.run(URL(filePath: "/usr/bin/mkfifo"), arguments: [pipe])
        make.waitUntilExit()
        let source = labelStudioFixture("09_export_JSON.out")
        let writer = try Process.run(
            URL(filePath: "/bin/sh"), arguments: ["-c", "cat \"$0\" > \"$1\"", source, pipe])
        var votes: [Vote] = []
        try FeedbackFile.forEachPart(path: pipe) { part throws(FeedbackError) in
            votes += try part.votes()
        }
        writer.waitUntilExit()
        #expect(try votes == FeedbackFile.read(path: source).votes())
    }

    @Test func filesLargerThanOneReadAreWhole() throws {
        let folder = try TemporaryFolder()
        let rows = (0..<3_000).map { Prompt(text: "prompt number \($0), a little longer") }
        let path = folder.url.appending(path: "large.jsonl").path
        try FeedbackWriter.write(FeedbackWriter.jsonLines(rows), path: path)
        #expect(try FeedbackFile.read(path: path).data == .prompts(rows))
    }
}
