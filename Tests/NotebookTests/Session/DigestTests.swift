import Testing

@testable import Notebook

@Suite struct DigestTests {
    // The examples of FIPS 180-2.
    static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    static let twoBlocks = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"

    @Test func `equals the published digests`() {
        #expect(Digest(of: "abc").hex == Self.abc)
        #expect(Digest(of: []).hex == Self.empty)
        let text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
        #expect(Digest(of: text).description == "sha256:" + Self.twoBlocks)
    }

    @Test func `pieces make the digest of the whole`() {
        var hasher = DigestHasher()
        hasher.update("a")
        #expect(hasher.finish() == Digest(of: "a"))
        hasher.update("b")
        hasher.update([UInt8(ascii: "c")])
        #expect(hasher.finish().hex == Self.abc)
    }

    @Test func `a file of several pieces has the digest of its bytes`() throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<(5 << 19)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try folder.write("data", bytes)
        #expect(try Digest(ofFile: folder("data")) == Digest(of: bytes))
    }

    @Test func `a missing file is said with its path`() throws {
        let folder = try TemporaryFolder()
        #expect(
            throws: SessionError.unreadable(
                path: folder("nothing"), reason: "No such file or directory")
        ) { try Digest(ofFile: folder("nothing")) }
    }

    @Test(arguments: [
        "", "sha256:", "abc", String(abc.dropLast()), abc + "0", "sha256:" + abc.uppercased(),
        "md5:" + abc, "sha256:" + abc.dropLast() + "g",
    ])
    func `what is not a digest is refused`(text: String) {
        #expect(Digest(text) == nil)
    }

    @Test func `reads both forms`() {
        #expect(Digest(Self.abc) == Digest(of: "abc"))
        #expect(Digest("sha256:" + Self.abc) == Digest(of: "abc"))
        #expect(Digest(of: "abc").short == "ba7816bf8f01")
    }
}
