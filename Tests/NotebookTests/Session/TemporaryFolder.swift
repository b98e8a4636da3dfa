import Foundation

@testable import Notebook

/// An empty folder that goes away with the value.
final class TemporaryFolder {
    let path: String

    /// - Parameter inMemory: On a file system in memory where there is one, for tests that sync
    ///   thousands of times.
    init(inMemory: Bool = false) throws {
        let isThere = FileManager.default.isWritableFile(atPath: "/dev/shm")
        let parent =
            inMemory && isThere ? "/dev/shm" : FileManager.default.temporaryDirectory.path
        path = parent + "/notebook-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
    }

    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: self(name))))
    }

    func names(_ name: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: self(name)).sorted()
    }
}

extension SessionInfo {
    static var example: SessionInfo {
        SessionInfo(
            name: "align", seed: 42, shards: 8, precision: "f32", engine: "0.1.0",
            instructionSet: "avx2")
    }
}
