internal import COpenSSL

/// The SHA-256 of some bytes: the name of everything immutable in a session.
///
/// Written as `sha256:` and 64 lower-case hexadecimal digits.
struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// The 64 hexadecimal digits.
    let hex: String

    /// The digest written `sha256:…`, as in journals and on screens.
    var description: String { "sha256:" + hex }

    /// The first twelve digits, enough to tell artifacts apart on a screen.
    var short: String { String(hex.prefix(12)) }

    /// The digest of `bytes`.
    init(of bytes: [UInt8]) {
        var hasher = DigestHasher()
        hasher.update(bytes)
        self = hasher.finish()
    }

    /// The digest of the UTF-8 bytes of `text`.
    init(of text: String) { self.init(of: Array(text.utf8)) }

    /// The digest of a file, read in pieces of 1 MiB.
    ///
    /// - Throws: `SessionError.unreadable`.
    init(ofFile path: String) throws(SessionError) {
        do {
            let file = try PosixFile(path, .reading)
            var hasher = DigestHasher()
            var offset = 0
            while true {
                let piece = try file.read(at: offset, count: 1 << 20)
                if piece.isEmpty { break }
                hasher.update(piece)
                offset += piece.count
            }
            self = hasher.finish()
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
    }

    /// Reads `sha256:…` or the bare 64 digits; nil for anything else.
    init?(_ text: String) {
        let digits = text.hasPrefix("sha256:") ? text.dropFirst(7) : text[...]
        guard digits.utf8.count == 64, digits.utf8.allSatisfy(Self.isHexDigit) else { return nil }
        hex = String(digits)
    }

    fileprivate init(hexDigits: [UInt8]) { hex = String(decoding: hexDigits, as: UTF8.self) }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

/// Builds a digest piece by piece, with OpenSSL's SHA-256 (FIPS 180-4).
@safe struct DigestHasher: ~Copyable {
    private let state: OpaquePointer

    /// The version of the library at run time, such as "3.0.19".
    static var libraryVersion: String {
        unsafe OpenSSL_version(OPENSSL_VERSION_STRING).map { unsafe String(cString: $0) } ?? ""
    }

    init() { unsafe state = Self.newState() }

    deinit { unsafe EVP_MD_CTX_free(state) }

    mutating func update(_ bytes: [UInt8]) {
        let isDone = unsafe EVP_DigestUpdate(state, bytes, bytes.count) == 1
        precondition(isDone, "libcrypto refused bytes to hash")
    }

    mutating func update(_ text: String) { update(Array(text.utf8)) }

    /// The digest of everything so far; more can follow.
    func finish() -> Digest {
        var bytes = [UInt8](repeating: 0, count: 32)
        // Nothing can follow an end, so it is a copy that ends.
        let copy = unsafe Self.newState()
        defer { unsafe EVP_MD_CTX_free(copy) }
        let isDone =
            unsafe EVP_MD_CTX_copy_ex(copy, state) == 1
            && EVP_DigestFinal_ex(copy, &bytes, nil) == 1
        precondition(isDone, "libcrypto refused to end a hash")
        let digits = Array("0123456789abcdef".utf8)
        return Digest(
            hexDigits: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// A state that has taken in nothing.
    ///
    /// It traps without memory, or on a libcrypto that was built without SHA-256: nothing immutable
    /// could be named any more, and a session that goes on without would not be one.
    private static func newState() -> OpaquePointer {
        guard let state = unsafe EVP_MD_CTX_new(),
            unsafe EVP_DigestInit_ex(state, EVP_sha256(), nil) == 1
        else { fatalError("libcrypto has no SHA-256, or there is no memory left") }
        return unsafe state
    }
}
