import Foundation
import Testing

@testable import Notebook

/// One after the other: a process that is being started holds copies of all locks for a moment.
@Suite(.serialized) struct SessionLockTests {
    @Test func `a second claim is refused and says who holds the first`() throws {
        let folder = try TemporaryFolder()
        let lock = try SessionLock(at: folder("LOCK"), session: "s")
        let error = #expect(throws: SessionError.self) {
            _ = try SessionLock(at: folder("LOCK"), session: "s")
        }
        guard case .locked(path: "s", let owner) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(owner.processID == Int(ProcessInfo.processInfo.processIdentifier))
        #expect(owner.host == ProcessInfo.processInfo.hostName || owner.host != nil)
        #expect(owner.since?.hasSuffix("Z") == true)
        extend(lock)
    }

    @Test func `the end of the value frees the lock`() throws {
        let folder = try TemporaryFolder()
        for _ in 0..<2 { extend(try SessionLock(at: folder("LOCK"), session: "s")) }
        #expect(try folder.read("LOCK").isEmpty)
    }

    @Test func `another process's lock is respected, and killing it frees the lock`() throws {
        let folder = try TemporaryFolder()
        try folder.write("LOCK", Array("{\"pid\":4242,\"host\":\"x\",\"since\":\"noon\"}\n".utf8))
        let other = Process()
        other.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        other.arguments = ["--no-fork", folder("LOCK"), "sh", "-c", "echo ready; exec sleep 60"]
        let output = Pipe()
        other.standardOutput = output
        try other.run()
        _ = output.fileHandleForReading.availableData
        #expect(
            throws: SessionError.locked(
                path: "s", owner: LockOwner(processID: 4242, host: "x", since: "noon"))
        ) { _ = try SessionLock(at: folder("LOCK"), session: "s") }
        kill(other.processIdentifier, SIGKILL)
        other.waitUntilExit()
        extend(try SessionLock(at: folder("LOCK"), session: "s"))
    }

    @Test func `a lock file that says nothing still locks`() throws {
        let folder = try TemporaryFolder()
        let lock = try SessionLock(at: folder("LOCK"), session: "s")
        try Data("garbage".utf8).write(to: URL(fileURLWithPath: folder("LOCK")))
        #expect(throws: SessionError.locked(path: "s", owner: LockOwner())) {
            _ = try SessionLock(at: folder("LOCK"), session: "s")
        }
        extend(lock)
    }

    /// Keeps a lock until here.
    private func extend(_ lock: consuming SessionLock) {}
}
