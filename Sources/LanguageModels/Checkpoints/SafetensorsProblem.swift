/// How a weights file breaks the safetensors format, or what in it cannot be used.
public enum SafetensorsProblem: Equatable, Sendable {
    /// The file has no room for the eight bytes that say how long the header is.
    case tooShort(byteCount: Int)
    /// The header claims to be longer than any real one.
    case headerTooLarge(byteCount: UInt64, limit: Int)
    /// The header claims to be longer than the file.
    case headerTruncated(byteCount: Int, available: Int)
    /// The header is not strict JSON (repeated names included); places count from 1.
    case headerNotJSON(line: Int, column: Int, problem: String)
    /// The header does not start with `{`.
    case headerNotObject
    /// `__metadata__` is not an object of strings.
    case metadataNotText(key: String, found: String)
    /// A key of a tensor's entry is missing, unknown or of the wrong kind.
    case malformedEntry(tensor: String, key: String, expected: String, found: String)
    /// The element type is none of the format's.
    case unknownType(tensor: String, type: String)
    /// The element type cannot be used for weights.
    case unsupportedType(tensor: String, type: String)
    /// The shape has more elements than can be counted.
    case shapeTooLarge(tensor: String, shape: [Int])
    /// Elements smaller than a byte do not fill whole bytes.
    case partialByte(tensor: String, shape: [Int], type: String)
    /// The end of the data lies before its beginning.
    case reversedOffsets(tensor: String, begin: Int, end: Int)
    /// The data ends after the end of the file: the file is truncated, or the header wrong.
    case outOfRange(tensor: String, end: Int, available: Int)
    /// Shape and element type ask for another number of bytes than there are.
    case sizeMismatch(tensor: String, shape: [Int], type: String, expected: Int, found: Int)
    /// The data does not start at a multiple of the element's size.
    case misaligned(tensor: String, begin: Int, elementSize: Int)
    /// Two tensors share bytes.
    case overlap(first: String, second: String)
    /// Bytes before a tensor that belong to none.
    case hole(before: String, byteCount: Int)
    /// Bytes after the last tensor.
    case trailingBytes(count: Int)
    /// The file has no tensor of this name.
    case missingTensor(name: String)
    /// The file became shorter while it was read.
    case truncatedWhileReading(tensor: String)
}
