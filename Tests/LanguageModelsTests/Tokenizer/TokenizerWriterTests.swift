import OrderedJSON
import Testing

@testable import LanguageModels

@Suite struct TokenizerWriterTests {
    @Test func aWrittenTokenizerReadsBackEqual() throws {
        let folder = try TemporaryFolder()
        for tokenizer in [try TokenizerFixture.tokenizer(), try TokenizerFixture.small()] {
            let path = folder.file("deep/er")
            try tokenizer.write(folder: path)
            let back = try Tokenizer(folder: path)
            #expect(back.spellings == tokenizer.spellings)
            #expect(back.merges == tokenizer.merges)
            #expect(back.addedTokens == tokenizer.addedTokens)
            #expect(back.settings == tokenizer.settings)
            #expect(back.endOfText == tokenizer.endOfText)
        }
        #expect(
            try folder.names(in: "deep/er")
                == ["special_tokens_map.json", "tokenizer.json", "tokenizer_config.json"])
    }

    @Test func writingTwiceGivesTheSameBytes() throws {
        let folder = try TemporaryFolder()
        let tokenizer = try TokenizerFixture.tokenizer()
        try tokenizer.write(folder: folder.file("a"))
        try Tokenizer(folder: folder.file("a")).write(folder: folder.file("b"))
        for name in try folder.names(in: "a") {
            #expect(try folder.bytes("a/" + name) == folder.bytes("b/" + name))
        }
    }

    @Test func theModelIsTheOneTheLibraryWrote() throws {
        let written = try TokenizerFixture.tokenizer().json()
        let library = try JSON(parsing: TokenizerFixture.bytes("tokenizer.json"))
        #expect(written["model"]?["vocab"] == library["model"]?["vocab"])
        let pairs = library["model"]?["merges"]?.arrayValue?.map { merge in
            "\(merge[0]?.stringValue ?? "") \(merge[1]?.stringValue ?? "")"
        }
        #expect(written["model"]?["merges"]?.arrayValue?.map(\.stringValue) == pairs)
        for key in ["added_tokens", "normalizer", "pre_tokenizer", "decoder", "truncation"] {
            #expect(written[key] == library[key])
        }
    }

    @Test func thePostProcessorIsKept() throws {
        let processor: JSON = ["type": "TemplateProcessing", "single": [["Sequence": ["id": "A"]]]]
        let tokenizer = try TokenizerFixture.small { $0["post_processor"] = processor }
        #expect(tokenizer.json()["post_processor"] == processor)
    }

    @Test func theConfigurationNamesTheEndTokenAndNoPadding() throws {
        let files = try TokenizerFixture.small().files(contextLength: 64)
        let json = try JSON(parsing: files[1].bytes)
        #expect(json["pad_token"] == nil)
        #expect(json["eos_token"]?.stringValue == "<|endoftext|>")
        #expect(json["model_max_length"]?.intValue == 64)
        #expect(json["tokenizer_class"]?.stringValue == "GPT2Tokenizer")
    }

    @Test func aFolderThatCannotBeWrittenIsNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write([], to: "file")
        let error = #expect(throws: LanguageModelError.self) {
            try TokenizerFixture.small().write(folder: folder.file("file/inside"))
        }
        #expect(
            error
                == .file(
                    path: folder.file("file"), .isNotFolder))
    }
}
