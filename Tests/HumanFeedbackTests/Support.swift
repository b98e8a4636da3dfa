import Foundation
import HumanFeedback

/// A folder that is removed when the test lets go of it.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "feedback-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Writes a file and returns its path.
    func file(_ text: String, name: String = "rows.jsonl") throws -> String {
        let file = url.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}

/// Reads rows given as text; the path in messages is `rows`.
func read(
    _ text: String, configuration: LabelStudioConfiguration? = nil
) throws(FeedbackError) -> FeedbackFile {
    try FeedbackFile.read(bytes: Array(text.utf8), path: "rows", configuration: configuration)
}

/// The path of a file under `Tests/Fixtures/label-studio`.
func labelStudioFixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/label-studio/\(name)").path
}

/// The counts as words, for short expectations: `["draft 1", "skipped 2"]`.
func words(_ counts: [ReasonCount]) -> [String] {
    counts.map { "\($0.reason.rawValue) \($0.count)" }
}

/// Random texts with the characters that go wrong: quotes, line ends, combining marks, emoji.
struct RandomTexts {
    private var state: UInt64

    init(seed: Int) { state = UInt64(seed) &+ 1 }

    /// A number below `limit` (a linear congruential generator; good enough for test data).
    mutating func number(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }

    mutating func text() -> String {
        let pieces = [
            "a", "word", " ", "  ", "\n", "\"", "\\", "é", "e\u{301}", "😀", "\u{0}", "\t", "中",
            "\u{2028}", "{", "]", ",", "\r\n", "ß", ".",
        ]
        return (0..<number(below: 9)).map { _ in pieces[number(below: pieces.count)] }.joined()
    }

    mutating func optional<Value>(_ value: Value) -> Value? { number(below: 2) == 0 ? nil : value }
}
