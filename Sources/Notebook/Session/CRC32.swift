/// The cyclic redundancy check of IEEE 802.3 (polynomial 0x04C11DB7, reflected), as in gzip and
/// PNG.
///
/// It finds every torn line and every damaged run of up to 32 bits; it is no protection against
/// intent, which is what `Digest` is for.
enum CRC32 {
    /// One entry a byte value, so that a byte costs one look-up.
    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        return value
    }

    /// The check of some bytes: `0xCBF43926` for `123456789`.
    static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
        var value = UInt32.max
        for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8) }
        return ~value
    }

    /// The check as eight lower-case hexadecimal digits.
    static func hex(of bytes: some Sequence<UInt8>) -> String {
        String(decoding: digits(of: bytes), as: UTF8.self)
    }

    /// The same digits as bytes.
    static func digits(of bytes: some Sequence<UInt8>) -> [UInt8] {
        let value = checksum(of: bytes)
        return (0..<8).map { place in
            let digit = UInt8(truncatingIfNeeded: value >> UInt32(28 - 4 * place)) & 15
            return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        }
    }
}
