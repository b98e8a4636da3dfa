import Foundation
import Testing

@testable import Notebook

@Suite struct PosixFileTests {
    @Test func aFolderIsRemovedWithAllThatIsInIt() throws {
        let folder = try TemporaryFolder()
        try Files.makeFolders(folder("session/artifacts/deep"))
        try folder.write("session/journal.jsonl", [1, 2])
        try folder.write("session/artifacts/deep/weights", [3])
        try Posix.removeFolder(folder("session"))
        #expect(try folder.names() == [])
    }

    @Test func linksAreRemovedAndNotFollowed() throws {
        let folder = try TemporaryFolder()
        try Files.makeFolders(folder("kept"))
        try Files.makeFolders(folder("session"))
        try folder.write("kept/file", [1])
        try FileManager.default.createSymbolicLink(
            atPath: folder("session/link"), withDestinationPath: folder("kept"))
        try Posix.removeFolder(folder("session"))
        #expect(try folder.names() == ["kept"])
        #expect(try folder.read("kept/file") == [1])
    }

    @Test func aFolderThatIsNotThereIsAnError() throws {
        let folder = try TemporaryFolder()
        #expect(throws: PosixError.self) { try Posix.removeFolder(folder("nothing")) }
    }

    @Test func commandsGoToFilesThatExist() throws {
        let folder = try TemporaryFolder()
        try folder.write("commands", [])
        try PosixFile(folder("commands"), .commanding).write([53])
        #expect(try folder.read("commands") == [53])
        #expect(throws: PosixError.self) { _ = try PosixFile(folder("nothing"), .commanding) }
    }
}
