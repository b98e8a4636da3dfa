import LanguageModels
import Testing

@testable import Notebook

@Suite struct TokenizeCommandTests {
    let fixture: CommandFixture
    let folder = CommandFixture.fixture("gpt2/tiny")

    init() throws { fixture = try CommandFixture() }

    @Test func tokensAreShownAsVocabulariesSpellThem() throws {
        try fixture.run("tokenize", "--tokenizer", folder, " the lamp")
        let tokenizer = try Tokenizer(folder: folder)
        let ids = tokenizer.encode(" the lamp")
        #expect(fixture.shown.contains(tokenizer.token(ids[0]) ?? "?"))
        #expect(fixture.shown.contains("\" the\""))
        #expect(fixture.shown.contains("9 bytes"))
    }

    @Test func idsBecomeText() throws {
        let ids = try Tokenizer(folder: folder).encode("Wait, café?").map(String.init)
        try fixture.run(
            "tokenize", "--tokenizer", folder, "--decode", ids.joined(separator: ","))
        // Text that goes to a file is written as it is, not shown.
        fixture.console.onOutput = { _ in }
        try fixture.run(
            "tokenize", "--tokenizer", folder, "--decode", ids.joined(separator: " "))
        #expect(fixture.shown == "Wait, café?\n")
    }

    @Test func idsComeInThreeForms() throws {
        #expect(try TokenIDs.parse("1 2\n3") == [1, 2, 3])
        #expect(try TokenIDs.parse("1,2, 3\n") == [1, 2, 3])
        #expect(try TokenIDs.parse("[1, 2, 3]") == [1, 2, 3])
        #expect(try TokenIDs.parse("") == [])
        #expect(throws: CommandError.self) { try TokenIDs.parse("1 -2") }
    }

    @Test func aWordThatIsNoIDIsNamed() throws {
        #expect(
            try fixture.failure("tokenize", "--tokenizer", folder, "--decode", "1 x").sentence
                == "\"x\" is no token id, expected whole numbers from 0 up, separated by blanks or "
                + "commas")
    }

    @Test func anIDOutsideTheVocabularyIsNamed() throws {
        let last = try Tokenizer(folder: folder).vocabularySize - 1
        #expect(
            try fixture.failure("tokenize", "--tokenizer", folder, "--decode", "99999").sentence
                == "99999 is no token of this tokenizer, expected ids from 0 to \(last)")
    }

    @Test func aFolderWithoutTokenizerIsNamed() throws {
        #expect(
            try fixture.failure("tokenize", "--tokenizer", fixture.folder.path, "a").sentence
                == "\(fixture.folder.path): the folder has no tokenizer.json; name a model folder "
                + "in the Hugging Face layout")
    }
}
