import OrderedJSON
import Testing

@testable import LanguageModels

@Suite struct TokenizerJSONReaderTests {
    static func problem(_ change: (inout JSONObject) -> Void) -> LanguageModelError? {
        #expect(throws: LanguageModelError.self) { try TokenizerFixture.small(change) }
    }

    static func setting(_ key: String, _ problem: SettingProblem) -> LanguageModelError {
        .setting(file: "t.json", key: key, problem)
    }

    @Test(
        arguments: [
            ("normalizer", ["type": "NFC"], "NFC", "null"),
            ("decoder", ["type": "WordPiece"], "WordPiece", "ByteLevel"),
            ("pre_tokenizer", ["type": "Metaspace"], "Metaspace", "ByteLevel"),
            (
                "pre_tokenizer",
                [
                    "type": "Sequence",
                    "pretokenizers": [["type": "Digits"], ["type": "ByteLevel"]],
                ],
                "Digits", "ByteLevel"
            ),
            (
                "pre_tokenizer",
                [
                    "type": "Sequence",
                    "pretokenizers": [
                        ["type": "Split", "pattern": ["Regex": "\\d"], "behavior": "Isolated"],
                        ["type": "ByteLevel", "add_prefix_space": false],
                    ],
                ], "Split by \\d", "ByteLevel"
            ),
            ("pre_tokenizer", ["type": "Sequence", "pretokenizers": []], "nothing", "ByteLevel"),
        ] as [(String, JSON, String, String)])
    func otherKindsOfTokenizersAreRefused(
        key: String, value: JSON, found: String, supported: String
    ) {
        let error = Self.problem { $0[key] = value }
        #expect(error == Self.setting(key, .unsupported(found: found, supported: supported)))
    }

    @Test(
        arguments: [
            ("type", "Unigram", "Unigram", "BPE"), ("dropout", 0.1, "0.1", "null"),
            ("byte_fallback", true, "true", "false"),
            ("end_of_word_suffix", "</w>", "</w>", "null"),
            ("continuing_subword_prefix", "##", "##", "null"),
        ] as [(String, JSON, String, String)])
    func otherKindsOfModelsAreRefused(
        key: String, value: JSON, found: String, supported: String
    ) {
        let error = Self.problem { $0.set(key, in: "model", to: value) }
        let problem = SettingProblem.unsupported(found: found, supported: supported)
        #expect(error == Self.setting("model.\(key)", problem))
    }

    @Test func missingPartsAreNamed() {
        #expect(Self.problem { $0["model"] = nil } == Self.setting("model", .missing))
        #expect(
            Self.problem { $0["pre_tokenizer"] = nil } == Self.setting("pre_tokenizer", .missing))
        for key in ["vocab", "merges"] {
            let error = Self.problem { $0.set(key, in: "model", to: nil) }
            #expect(error == Self.setting("model.\(key)", .missing))
        }
        let error = Self.problem { $0["added_tokens"] = [["id": 3]] }
        #expect(error == Self.setting("added_tokens[0].content", .missing))
    }

    @Test func wrongKindsAreNamed() {
        let error = Self.problem { $0.set("vocab", in: "model", to: ["a": "1"]) }
        let wrong = SettingProblem.wrongKind(expected: "an integer", found: "a string")
        #expect(error == Self.setting("model.vocab.a", wrong))
        let list = Self.problem { $0["added_tokens"] = [5] }
        let notObject = SettingProblem.wrongKind(expected: "an object", found: "an integer")
        #expect(list == Self.setting("added_tokens[0]", notObject))
    }

    @Test(arguments: ["a", "a b c", " b", "a ", ["a"], ["a", "b", "c"], ["a", 1], 7] as [JSON])
    func aMergeIsAPair(merge: JSON) {
        let error = Self.problem { $0.set("merges", in: "model", to: ["a b", merge]) }
        let problem = TokenizerProblem.malformedMerge(number: 2, text: merge.text)
        #expect(error == .tokenizer(file: "t.json", problem))
    }

    @Test func aFileThatIsNotAnObjectIsRefused() {
        #expect(
            throws: LanguageModelError.notJSON(
                file: "t.json", line: 1, column: 1, problem: "expected an object, found an array")
        ) { try Tokenizer(tokenizerJSON: Array("[1]".utf8), file: "t.json") }
        let error = #expect(throws: LanguageModelError.self) {
            try Tokenizer(tokenizerJSON: Array("{\"a\": 1,\n \"a\": 2}".utf8), file: "t.json")
        }
        guard case .notJSON(file: "t.json", line: 2, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func anEmptyNormalizerIsNone() throws {
        let tokenizer = try TokenizerFixture.small {
            $0["normalizer"] = ["type": "Sequence", "normalizers": []]
        }
        #expect(tokenizer.encode("ab") == [256])
    }
}
