import Testing

@testable import LanguageModels

@Suite struct TokenizerFolderTests {
    @Test func missingFilesAreNamed() throws {
        let folder = try TemporaryFolder()
        #expect(throws: LanguageModelError.file(path: folder.file("no"), .missing)) {
            try Tokenizer(folder: folder.file("no"))
        }
        #expect(
            throws: LanguageModelError.folder(
                path: folder.path, .missingFiles(["tokenizer.json"]))
        ) { try Tokenizer(folder: folder.path) }
        try folder.write(Array("{}".utf8), to: "vocab.json")
        #expect(
            throws: LanguageModelError.folder(path: folder.path, .missingFiles(["merges.txt"]))
        ) { try Tokenizer(folder: folder.path) }
    }

    @Test func aPathOfAFileIsTakenForATokenizerFile() throws {
        let path = TokenizerFixture.folder + "/tokenizer.json"
        #expect(try Tokenizer(folder: path) == TokenizerFixture.tokenizer())
    }

    @Test func theConfigurationNamesTheEndOfTextAndAddsTokens() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array(#"{"a": 0, "b": 1, "ab": 2, "<end>": 3}"#.utf8), to: "vocab.json")
        try folder.write(Array("#version: 0.2\r\na b\r\n".utf8), to: "merges.txt")
        let configuration = """
            {"eos_token": {"content": "<end>"}, "add_prefix_space": false,
             "added_tokens_decoder": {"3": {"content": "<end>", "special": true}}}
            """
        try folder.write(Array(configuration.utf8), to: "tokenizer_config.json")
        let tokenizer = try Tokenizer(folder: folder.path)
        #expect(tokenizer.endOfText == 3)
        #expect(tokenizer.encode("ab<end>ba") == [2, 3, 1, 0])
    }

    @Test func aLineOfMergesThatIsNoPairIsNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array(#"{"a": 0, "b": 1, "ab": 2}"#.utf8), to: "vocab.json")
        try folder.write(Array("#version: 0.2\na b\n\nab\n".utf8), to: "merges.txt")
        #expect(
            throws: LanguageModelError.tokenizer(
                file: folder.file("merges.txt"), .malformedMerge(number: 4, text: "ab"))
        ) { try Tokenizer(folder: folder.path) }
    }

    @Test func withoutAnEndOfTextThereIsNone() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array(#"{"a": 0, "b": 1}"#.utf8), to: "vocab.json")
        try folder.write([], to: "merges.txt")
        #expect(try Tokenizer(folder: folder.path).endOfText == nil)
    }
}
