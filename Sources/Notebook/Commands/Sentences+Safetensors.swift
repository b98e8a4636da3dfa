import LanguageModels

/// How a weights file breaks the safetensors format, without the file's name.
enum SafetensorsSentences {
    static func sentence(_ problem: SafetensorsProblem) -> String {
        switch problem {
        case .tooShort(let byteCount):
            "the file has \(SentenceParts.count(byteCount, "byte")), expected at least 8"
        case .headerTooLarge(let byteCount, let limit):
            "the header claims to have \(byteCount) bytes, expected at most \(limit)"
        case .headerTruncated(let byteCount, let available):
            "the header claims to have \(byteCount) bytes, but only \(available) follow"
        case .headerNotJSON(let line, let column, let problem):
            "the header is not JSON (line \(line), column \(column)): \(problem)"
        case .headerNotObject: "the header is to be an object, found something else"
        case .metadataNotText(let key, let found):
            "\"\(key)\" in the metadata is to be a string, found \(found)"
        case .malformedEntry(let tensor, let key, let expected, let found):
            key.isEmpty
                ? "the entry of \(tensor) is to be \(expected), found \(found)"
                : "\"\(key)\" of \(tensor) is to be \(expected), found \(found)"
        case .unknownType(let tensor, let type):
            "\(tensor) has the element type \(type), which the format does not have"
        case .unsupportedType(let tensor, let type):
            "\(tensor) has the element type \(type), expected F32, F16 or BF16"
        case .shapeTooLarge(let tensor, let shape):
            "\(tensor) has the shape \(SentenceParts.shape(shape)), which is too large to count"
        case .partialByte(let tensor, let shape, let type):
            "\(tensor), \(SentenceParts.shape(shape)) of \(type), does not fill whole bytes"
        case .reversedOffsets(let tensor, let begin, let end):
            "\(tensor) ends at byte \(end), before its beginning at \(begin)"
        case .outOfRange(let tensor, let end, let available):
            "\(tensor) ends at byte \(end), but the file has only \(available) bytes of data"
        case .sizeMismatch(let tensor, let shape, let type, let expected, let found):
            "\(tensor), \(SentenceParts.shape(shape)) of \(type), has \(found) bytes, expected "
                + "\(expected)"
        case .misaligned(let tensor, let begin, let elementSize):
            "\(tensor) starts at byte \(begin), expected a multiple of \(elementSize)"
        case .overlap(let first, let second): "\(first) and \(second) share bytes"
        case .hole(let before, let byteCount):
            "\(SentenceParts.count(byteCount, "byte")) before \(before) belong to no tensor"
        case .trailingBytes(let count):
            "\(SentenceParts.count(count, "byte")) after the last tensor belong to none"
        case .missingTensor(let name): "there is no tensor \(name), which is expected in it"
        case .truncatedWhileReading(let tensor):
            "the file became shorter while \(tensor) was read"
        }
    }

    /// What to do about it.
    static func advice(_ problem: SafetensorsProblem) -> String {
        switch problem {
        case .unsupportedType: "save the model again in one of these types"
        case .tooShort, .headerTruncated, .outOfRange, .truncatedWhileReading:
            "the copy is incomplete, copy the file again"
        default: "the file is damaged or no safetensors file, copy it again"
        }
    }
}
