import Foundation
import OrderedJSON
import Testing

@testable import Notebook

@Suite struct HistoryTests {
    @Test func `the file stands where the XDG specification says`() {
        #expect(
            History.defaultPath(environment: ["XDG_STATE_HOME": "/s", "HOME": "/h"])
                == "/s/rlhf/history.jsonl")
        #expect(
            History.defaultPath(environment: ["XDG_STATE_HOME": "relative", "HOME": "/h"])
                == "/h/.local/state/rlhf/history.jsonl")
        #expect(History.defaultPath(environment: [:]) == nil)
    }

    @Test func `lines are kept across sessions, the last use of each`() throws {
        let folder = try TemporaryFolder()
        let path = folder("state/rlhf/history.jsonl")
        var first = History(path: path)
        first.add(":load a", session: "one")
        first.add(":train sft\n:plot loss")
        first.add(":load a")
        first.add(":load a")
        first.add("  ")
        #expect(first.problem == nil)
        #expect(first.entries == [":train sft\n:plot loss", ":load a"])
        let second = History(path: path)
        #expect(second.entries == first.entries)
        let lines = try folder.read("state/rlhf/history.jsonl").split(separator: 10)
        #expect(lines.count == 3)
        let json = try JSON(parsing: Array(lines[0]))
        #expect(json["text"] == ":load a")
        #expect(json["session"] == "one")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `two sessions write into one file`() throws {
        let folder = try TemporaryFolder()
        var first = History(path: folder("h"))
        var second = History(path: folder("h"))
        for number in 0..<20 {
            first.add("first \(number)")
            second.add("second \(number)")
        }
        #expect(History(path: folder("h")).entries.count == 40)
    }

    @Test func `damaged lines are passed over, also a torn one`() throws {
        let folder = try TemporaryFolder()
        try folder.write("h", Array("garbage\n{\"text\":\"a\"}\n\n[1]\n{\"text\":\"b".utf8))
        var history = History(path: folder("h"))
        #expect(history.entries == ["a"])
        #expect(history.problem == nil)
        history.add("c")
        #expect(History(path: folder("h")).entries == ["a", "c"])
    }

    @Test func `only the end of a long file is read`() throws {
        let folder = try TemporaryFolder()
        let line = "{\"text\":\"\(String(repeating: "x", count: 1000))"
        var bytes: [UInt8] = []
        for number in 0..<2000 { bytes += Array("\(line)\(number)\"}\n".utf8) }
        try folder.write("h", bytes)
        let entries = History(path: folder("h")).entries
        #expect((900...1048).contains(entries.count))
        #expect(entries.last?.hasSuffix("1999") == true)
    }

    @Test func `nothing that goes wrong stops the prompt`() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", [])
        var blocked = History(path: folder("file/h"))
        blocked.add("a")
        #expect(blocked.entries == ["a"])
        #expect(blocked.problem?.reason == "Not a directory")
        var full = History(path: "/dev/full")
        #expect(full.problem != nil)
        full.add("a")
        #expect(full.entries == ["a"])
        #expect(full.problem != nil)
        var none = History(path: nil)
        none.add("a")
        #expect(none.problem == nil)
        #expect(none.entries == ["a"])
    }

    @Test func `a lock that another program holds is not waited for`() throws {
        let folder = try TemporaryFolder()
        let other = try PosixFile(folder("h"), .appending)
        #expect(try other.tryLock())
        var history = History(path: folder("h"))
        history.add("a")
        #expect(history.problem == nil)
        #expect(History(path: folder("h")).entries == ["a"])
        #expect(try other.size() > 0)
    }
}
