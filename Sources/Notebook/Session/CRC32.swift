/// The cyclic redundancy check of IEEE 802.3 (polynomial 0x04C11DB7, reflected), as in gzip and
/// PNG.
///
/// It finds every torn line and every damaged run of up to 32 bits; it is no protection against
/// intent, which is what `Digest` is for.
enum CRC32 {
    /// What each byte does to the check, alone (the first 256) and with one to three zeros behind it,
    /// so that four bytes cost four look-ups that wait for nothing ("slicing by 4", Intel 2006).
    private static let table: [UInt32] = {
        var table: [UInt32] = (0..<256).map { index in
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
            return value
        }
        for place in 256..<1024 {
            let before = table[place - 256]
            table.append(table[Int(before & 0xFF)] ^ (before >> 8))
        }
        return table
    }()

    /// The check of some bytes: `0xCBF43926` for `123456789`.
    static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.withContiguousStorageIfAvailable { unsafe checksum(of: Span(_unsafeElements: $0)) }
            ?? checksum(of: Array(bytes).span)
    }

    private static func checksum(of bytes: Span<UInt8>) -> UInt32 {
        let table = table.span
        var value = UInt32.max
        var place = 0
        while place + 4 <= bytes.count {
            var next = table[Int(UInt8(truncatingIfNeeded: value) ^ bytes[place]) + 768]
            next ^= table[Int(UInt8(truncatingIfNeeded: value >> 8) ^ bytes[place + 1]) + 512]
            next ^= table[Int(UInt8(truncatingIfNeeded: value >> 16) ^ bytes[place + 2]) + 256]
            next ^= table[Int(UInt8(truncatingIfNeeded: value >> 24) ^ bytes[place + 3])]
            value = next
            place += 4
        }
        while place < bytes.count {
            value = table[Int((value ^ UInt32(bytes[place])) & 0xFF)] ^ (value >> 8)
            place += 1
        }
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
