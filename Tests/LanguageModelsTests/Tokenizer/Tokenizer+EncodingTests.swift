import OrderedJSON
import Testing

@testable import LanguageModels

@Suite struct TokenizerEncodingTests {
    @Test(arguments: ["tokenizer.json", "vocab.json and merges.txt"])
    func thousandsOfTextsHaveTheLibrarysIds(files: String) throws {
        let tokenizer =
            try files == "tokenizer.json"
            ? TokenizerFixture.tokenizer()
            : Tokenizer(folder: TokenizerFixture.folder + "/vocabulary-and-merges")
        var count = 0
        for line in try TokenizerFixture.lines("encodings.jsonl") {
            let (text, ids) = try TokenizerFixture.pair(line, text: 0, ids: 1)
            #expect(tokenizer.encode(text) == ids, "\(line.text)")
            count += 1
        }
        #expect(count >= 2000)
    }

    @Test func settingsAndAddedTokensActAsInTheLibrary() throws {
        let base = try #require(JSON(parsing: TokenizerFixture.bytes("tokenizer.json")).objectValue)
        for variant in try TokenizerFixture.lines("variants.jsonl") {
            var root = base
            for (key, value) in try #require(variant["change"]?.objectValue) {
                switch key {
                case "without":
                    var model = try #require(root["model"]?.objectValue)
                    for token in value.arrayValue ?? [] {
                        model.set(try #require(token.stringValue), in: "vocab", to: nil)
                    }
                    root["model"] = .object(model)
                case "model":
                    for (name, setting) in try #require(value.objectValue) {
                        root.set(name, in: "model", to: setting)
                    }
                default: root[key] = value
                }
            }
            let bytes = Array(JSON.object(root).text.utf8)
            let tokenizer = try Tokenizer(tokenizerJSON: bytes, file: "variant")
            let rewritten = try Tokenizer(
                tokenizerJSON: Array(tokenizer.json().text.utf8), file: "rewritten")
            for line in try #require(variant["cases"]?.arrayValue) {
                let (text, ids) = try TokenizerFixture.pair(line, text: 0, ids: 1)
                let name = variant["name"]?.text ?? ""
                #expect(tokenizer.encode(text) == ids, "\(name): \(line.text)")
                #expect(rewritten.encode(text) == ids, "\(name), rewritten: \(line.text)")
            }
        }
    }

    @Test func manyTextsAtOnceAreEncodedLikeEachAlone() throws {
        let tokenizer = try TokenizerFixture.tokenizer()
        let texts = try TokenizerFixture.lines("encodings.jsonl").compactMap { $0[0]?.stringValue }
        #expect(tokenizer.encode(texts) == texts.map { tokenizer.encode($0) })
    }

    @Test func bytesWithoutATokenAreCounted() throws {
        let tokenizer = try TokenizerFixture.small { root in
            var model = root["model"]?.objectValue ?? JSONObject()
            model.set("z", in: "vocab", to: nil)
            root["model"] = .object(model)
        }
        #expect(tokenizer.missingBytes == [UInt8(ascii: "z")])
        #expect(tokenizer.decode(tokenizer.encode("zabz!")) == "ab!")
    }
}
