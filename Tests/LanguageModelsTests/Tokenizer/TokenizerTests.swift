import OrderedJSON
import Testing

@testable import LanguageModels

@Suite struct TokenizerTests {
    @Test func tokensHaveIdsAndSpellings() throws {
        let tokenizer = try TokenizerFixture.small()
        #expect(tokenizer.vocabularySize == 259)
        #expect(tokenizer.endOfText == 258)
        #expect(tokenizer.token(257) == "abc")
        #expect(tokenizer.id(of: "abc") == 257)
        #expect(tokenizer.id(of: "Ġ") == tokenizer.encode(" ").first)
        #expect(tokenizer.token(259) == nil)
        #expect(tokenizer.token(-1) == nil)
        #expect(tokenizer.id(of: "abcd") == nil)
        #expect(tokenizer.missingBytes == [])
    }

    @Test func theFirstUnknownIDIsNamed() throws {
        let tokenizer = try TokenizerFixture.small()
        #expect(tokenizer.firstUnknownID(in: [0, 258]) == nil)
        #expect(tokenizer.firstUnknownID(in: [0, 900, -1]) == 900)
    }

    @Test func canonicallyEqualSpellingsAreDifferentTokens() throws {
        let tokenizer = try TokenizerFixture.small { root in
            root["added_tokens"] = [
                ["id": 300, "content": "<\u{E9}>"], ["id": 301, "content": "<e\u{301}>"],
            ]
        }
        #expect(tokenizer.encode("<\u{E9}>") == [300])
        #expect(tokenizer.encode("<e\u{301}>") == [301])
        #expect(tokenizer.vocabularySize == 302)
        #expect(tokenizer.token(280) == nil)
    }
}
