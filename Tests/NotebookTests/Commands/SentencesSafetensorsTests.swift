import LanguageModels
import Testing

@testable import Notebook

@Suite struct SentencesSafetensorsTests {
    static let cases: [(SafetensorsProblem, String)] = [
        (
            .tooShort(byteCount: 1),
            "the file has 1 byte, expected at least 8; the copy is incomplete, copy the file again"
        ),
        (
            .headerTooLarge(byteCount: 200_000_000, limit: 100_000_000),
            "the header claims to have 200000000 bytes, expected at most 100000000; the file is "
                + "damaged or no safetensors file, copy it again"
        ),
        (
            .headerTruncated(byteCount: 900, available: 12),
            "the header claims to have 900 bytes, but only 12 follow; the copy is incomplete, "
                + "copy the file again"
        ),
        (
            .headerNotJSON(line: 1, column: 5, problem: "the key \"a\" stands twice"),
            "the header is not JSON (line 1, column 5): the key \"a\" stands twice; the file is "
                + "damaged or no safetensors file, copy it again"
        ),
        (
            .headerNotObject,
            "the header is to be an object, found something else; the file is damaged or no "
                + "safetensors file, copy it again"
        ),
        (
            .metadataNotText(key: "format", found: "an integer"),
            "\"format\" in the metadata is to be a string, found an integer; the file is damaged "
                + "or no safetensors file, copy it again"
        ),
        (
            .malformedEntry(tensor: "w", key: "shape", expected: "an array", found: "nothing"),
            "\"shape\" of w is to be an array, found nothing; the file is damaged or no "
                + "safetensors file, copy it again"
        ),
        (
            .malformedEntry(tensor: "w", key: "", expected: "an object", found: "a string"),
            "the entry of w is to be an object, found a string; the file is damaged or no "
                + "safetensors file, copy it again"
        ),
        (
            .unknownType(tensor: "w", type: "F12"),
            "w has the element type F12, which the format does not have; the file is damaged or no "
                + "safetensors file, copy it again"
        ),
        (
            .unsupportedType(tensor: "w", type: "I64"),
            "w has the element type I64, expected F32, F16 or BF16; save the model again in one of "
                + "these types"
        ),
        (
            .shapeTooLarge(tensor: "w", shape: [4, 5]),
            "w has the shape 4 × 5, which is too large to count; the file is damaged or no "
                + "safetensors file, copy it again"
        ),
        (
            .partialByte(tensor: "w", shape: [3], type: "F4"),
            "w, 3 of F4, does not fill whole bytes; the file is damaged or no safetensors file, "
                + "copy it again"
        ),
        (
            .reversedOffsets(tensor: "w", begin: 8, end: 4),
            "w ends at byte 4, before its beginning at 8; the file is damaged or no safetensors "
                + "file, copy it again"
        ),
        (
            .outOfRange(tensor: "w", end: 64, available: 32),
            "w ends at byte 64, but the file has only 32 bytes of data; the copy is incomplete, "
                + "copy the file again"
        ),
        (
            .sizeMismatch(tensor: "w", shape: [2, 2], type: "F32", expected: 16, found: 12),
            "w, 2 × 2 of F32, has 12 bytes, expected 16; the file is damaged or no safetensors "
                + "file, copy it again"
        ),
        (
            .misaligned(tensor: "w", begin: 6, elementSize: 4),
            "w starts at byte 6, expected a multiple of 4; the file is damaged or no safetensors "
                + "file, copy it again"
        ),
        (
            .overlap(first: "a", second: "b"),
            "a and b share bytes; the file is damaged or no safetensors file, copy it again"
        ),
        (
            .hole(before: "b", byteCount: 4),
            "4 bytes before b belong to no tensor; the file is damaged or no safetensors file, "
                + "copy it again"
        ),
        (
            .trailingBytes(count: 2),
            "2 bytes after the last tensor belong to none; the file is damaged or no safetensors "
                + "file, copy it again"
        ),
        (
            .missingTensor(name: "w"),
            "there is no tensor w, which is expected in it; the file is damaged or no safetensors "
                + "file, copy it again"
        ),
        (
            .truncatedWhileReading(tensor: "w"),
            "the file became shorter while w was read; the copy is incomplete, copy the file again"
        ),
    ]

    @Test(arguments: cases) func everyBrokenRuleHasItsSentence(
        problem: SafetensorsProblem, text: String
    ) {
        let error = LanguageModelError.safetensors(file: "m/model.safetensors", problem)
        #expect(commandError(for: error) == CommandError("m/model.safetensors: " + text))
    }
}
