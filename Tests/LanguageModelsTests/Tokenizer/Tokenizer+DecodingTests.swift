import OrderedJSON
import Testing

@testable import LanguageModels

@Suite struct TokenizerDecodingTests {
    @Test func idsHaveTheLibrarysText() throws {
        let tokenizer = try TokenizerFixture.tokenizer()
        for line in try TokenizerFixture.lines("decodings.jsonl") {
            let (text, ids) = try TokenizerFixture.pair(line, text: 1, ids: 0)
            #expect(Array(tokenizer.decode(ids).utf8) == Array(text.utf8), "\(line.text)")
        }
    }

    @Test func decodingGivesBackEveryTextByteForByte() throws {
        let tokenizer = try TokenizerFixture.tokenizer()
        for line in try TokenizerFixture.lines("encodings.jsonl") {
            let text = try #require(line[0]?.stringValue)
            let back = tokenizer.decodeBytes(tokenizer.encode(text))
            #expect(back == Array(text.utf8), "\(line.text)")
        }
    }

    @Test func decodingGivesBackBytesThatAreNotText() throws {
        let tokenizer = try TokenizerFixture.tokenizer()
        var state: UInt64 = 3
        for count in 0..<200 {
            let bytes = (0..<count).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1
                return UInt8(truncatingIfNeeded: state >> 56)
            }
            #expect(tokenizer.decodeBytes(tokenizer.encode(bytes: bytes)) == bytes)
        }
    }

    @Test func specialTokensCanBeLeftOut() throws {
        let tokenizer = try TokenizerFixture.small()
        let ids = tokenizer.encode("abc<|endoftext|> d")
        #expect(tokenizer.decode(ids) == "abc<|endoftext|> d")
        #expect(tokenizer.decodeWithoutSpecialTokens(ids) == "abc d")
    }

    @Test func anAddedTokenIsItsOwnText() throws {
        let tokenizer = try TokenizerFixture.small { root in
            root["added_tokens"] = [["id": 300, "content": "Ġé"]]
        }
        #expect(tokenizer.decode([300, 257]) == "Ġéabc")
        #expect(tokenizer.bytes(of: 300) == Array("Ġé".utf8))
    }

    @Test func anIDWithoutATokenBecomesAReplacementCharacter() throws {
        let tokenizer = try TokenizerFixture.small()
        #expect(tokenizer.decode([257, 999, -4]) == "abc\u{FFFD}\u{FFFD}")
        #expect(tokenizer.bytes(of: 999) == nil)
    }
}
