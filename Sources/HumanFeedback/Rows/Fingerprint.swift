/// Hashing that is the same in every process, for ids and splits (`Hasher` is seeded anew).
enum Fingerprint {
    /// FNV-1a, 64 bits, over the UTF-8 bytes of the texts with a byte that UTF-8 never uses
    /// between them.
    static func hash(_ texts: String...) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for (index, text) in texts.enumerated() {
            if index > 0 { hash = (hash ^ 0xFF) &* 0x0000_0100_0000_01b3 }
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        }
        return hash
    }

    /// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): one bit in changes half the bits out.
    static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Sixteen hexadecimal digits.
    static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// A string that is hashed and compared by its UTF-8 bytes, where `String` would call canonically
/// equivalent texts equal. For counting distinct texts.
struct ExactText: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(Fingerprint.hash(text))
    }
}
