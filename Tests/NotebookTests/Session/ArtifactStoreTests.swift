import Foundation
import Testing

@testable import Notebook

@Suite struct ArtifactStoreTests {
    let folder: TemporaryFolder
    let store: ArtifactStore
    let bytes = Array("abc".utf8)

    init() throws {
        folder = try TemporaryFolder()
        store = ArtifactStore(path: folder("artifacts"))
    }

    @Test func `keeps bytes under their digest, readable only`() throws {
        let digest = try store.put(bytes)
        let path = folder("artifacts/sha256/ba/" + DigestTests.abc)
        #expect(store.path(of: digest) == path)
        #expect(try store.get(digest) == bytes)
        #expect(try store.size(of: digest) == 3)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o444)
        #expect(try folder.names("artifacts/sha256/ba") == [DigestTests.abc])
    }

    @Test func `the same bytes are kept once`() throws {
        let digest = try store.put(bytes)
        let before = try FileManager.default.attributesOfItem(atPath: store.path(of: digest))
        #expect(try store.put(bytes) == digest)
        try folder.write("copy", bytes)
        #expect(try store.put(file: folder("copy")) == digest)
        let after = try FileManager.default.attributesOfItem(atPath: store.path(of: digest))
        #expect(before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
    }

    @Test func `changed bytes are found, and putting the right ones repairs them`() throws {
        let digest = try store.put(bytes)
        let path = store.path(of: digest)
        try FileManager.default.removeItem(atPath: path)
        try Data("abd".utf8).write(to: URL(fileURLWithPath: path))
        let error = SessionError.damagedArtifact(
            path: path, expected: digest, found: Digest(of: "abd"))
        #expect(throws: error) { try store.get(digest) }
        #expect(throws: error) { try store.verifiedPath(of: digest) }
        try store.put(bytes)
        #expect(try store.get(digest) == bytes)
    }

    @Test func `an absent artifact is an error of its own`() throws {
        let digest = Digest(of: "weights")
        let error = SessionError.missingArtifact(path: store.path(of: digest), digest: digest)
        #expect(!store.contains(digest))
        #expect(throws: error) { try store.get(digest) }
        #expect(throws: error) { try store.size(of: digest) }
    }

    @Test func `a write that a crash cut short is never seen under a name`() throws {
        let digest = Digest(of: bytes)
        try FileManager.default.createDirectory(
            atPath: folder("artifacts/sha256/ba"), withIntermediateDirectories: true)
        try folder.write("artifacts/sha256/ba/tmp.1.2", [97])
        #expect(!store.contains(digest))
        try store.put(bytes)
        #expect(try store.get(digest) == bytes)
    }

    @Test func `a folder is kept as a list of its files and made again`() throws {
        try FileManager.default.createDirectory(
            atPath: folder("model/inner"), withIntermediateDirectories: true)
        try folder.write("model/model.safetensors", bytes)
        try folder.write("model/config.json", Array("{}".utf8))
        let digest = try store.put(folder: folder("model"))
        let manifest = try store.manifest(digest)
        #expect(manifest.files.slots == ["config.json", "model.safetensors"])
        try store.restore(folder: digest, to: folder("again"))
        #expect(try folder.names("again") == ["config.json", "model.safetensors"])
        #expect(try folder.read("again/model.safetensors") == bytes)
        #expect(try store.put(folder: folder("again")) == digest)
    }

    @Test func `a folder whose weights were left out says which files are missing`() throws {
        try FileManager.default.createDirectory(
            atPath: folder("model"), withIntermediateDirectories: true)
        try folder.write("model/model.safetensors", bytes)
        let digest = try store.put(folder: folder("model"))
        try FileManager.default.removeItem(atPath: store.path(of: Digest(of: bytes)))
        let missing = store.missing(from: try store.manifest(digest))
        #expect(missing.map(\.slot) == ["model.safetensors"])
        #expect(throws: SessionError.self) {
            try store.restore(folder: digest, to: folder("again"))
        }
    }

    @Test func `other bytes are no list of files`() throws {
        let digest = try store.put(bytes)
        #expect(
            throws: SessionError.malformed(
                path: store.path(of: digest), line: 1,
                problem: "it is not the list of a folder's files")
        ) { try store.manifest(digest) }
    }

    @Test func `a missing folder and a place that cannot be written are said`() throws {
        #expect(throws: SessionError.noFolder(path: folder("none"))) {
            try store.put(folder: folder("none"))
        }
        try folder.write("file", [])
        let blocked = ArtifactStore(path: folder("file"))
        #expect(
            throws: SessionError.unwritable(
                path: folder("file"), operation: "create", reason: "Not a directory")
        ) { try blocked.put(bytes) }
    }
}
