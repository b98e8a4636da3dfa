/// Turns the bytes of a terminal into keys.
struct KeyDecoder {
    /// The next byte, waiting for it; nil at the end of input.
    let nextByte: () -> UInt8?
    /// Whether another byte comes at once, as the rest of an arrow key does.
    let hasMore: () -> Bool

    func key() -> KeyResult {
        guard let byte = nextByte() else { return .endOfInput }
        switch byte {
        case 0x03: return .cancelled
        case 0x04: return .endOfInput
        case 0x09: return .key(.tab)
        case 0x0A, 0x0D: return .key(.enter)
        case 0x08, 0x7F: return .key(.backspace)
        case 0x1B: return hasMore() ? escapeSequence() : .key(.escape)
        case ..<0x20: return key()
        default: return character(byte)
        }
    }

    /// ESC [ or ESC O, parameters, a final byte. Keys without a name here are passed over.
    private func escapeSequence() -> KeyResult {
        guard let introducer = nextByte() else { return .endOfInput }
        guard introducer == UInt8(ascii: "[") || introducer == UInt8(ascii: "O") else {
            return .key(.escape)
        }
        var parameters: [UInt8] = []
        while hasMore(), let byte = nextByte() {
            guard (0x40...0x7E).contains(byte) else {
                parameters.append(byte)
                continue
            }
            switch byte {
            case UInt8(ascii: "A"): return .key(.up)
            case UInt8(ascii: "B"): return .key(.down)
            case UInt8(ascii: "C"): return .key(.right)
            case UInt8(ascii: "D"): return .key(.left)
            case UInt8(ascii: "~") where parameters == [UInt8(ascii: "5")]: return .key(.pageUp)
            case UInt8(ascii: "~") where parameters == [UInt8(ascii: "6")]: return .key(.pageDown)
            default: return key()
            }
        }
        return .key(.escape)
    }

    private func character(_ first: UInt8) -> KeyResult {
        let length =
            switch first {
            case 0xC2..<0xE0: 2
            case 0xE0..<0xF0: 3
            case 0xF0..<0xF5: 4
            default: 1
            }
        var bytes = [first]
        while bytes.count < length, let byte = nextByte() { bytes.append(byte) }
        guard let text = String(validating: bytes, as: UTF8.self), let character = text.first else {
            return key()
        }
        return .key(.character(character))
    }
}
