import OrderedJSON
import Testing

@testable import LanguageModels

@Suite struct TokenizerPartsTests {
    static func problem(_ change: (inout JSONObject) -> Void) -> LanguageModelError? {
        #expect(throws: LanguageModelError.self) { try TokenizerFixture.small(change) }
    }

    static func addToVocabulary(_ token: String, _ id: Int, _ root: inout JSONObject) {
        var model = root["model"]?.objectValue ?? JSONObject()
        model.set(token, in: "vocab", to: .integer(id))
        root["model"] = .object(model)
    }

    @Test func anIDMayNotBeUsedTwice() {
        let error = Self.problem { Self.addToVocabulary("zz", 256, &$0) }
        #expect(
            error == .tokenizer(file: "t.json", .repeatedID(id: 256, first: "ab", second: "zz")))
    }

    @Test(arguments: [-1, Int(Int32.max), 1 << 40])
    func idsOutOfRangeAreRefused(id: Int) {
        let error = Self.problem { Self.addToVocabulary("zz", id, &$0) }
        #expect(error == .tokenizer(file: "t.json", .idOutOfRange(token: "zz", id: id)))
    }

    @Test(arguments: [
        ("q zz", "zz"), ("zz q", "zz"), ("q r", "qr"),
    ])
    func mergesStayInsideTheVocabulary(merge: String, token: String) {
        let error = Self.problem { $0.set("merges", in: "model", to: ["a b", .string(merge)]) }
        #expect(
            error
                == .tokenizer(file: "t.json", .mergeOutsideVocabulary(number: 2, token: token)))
    }

    @Test func anAddedTokenKeepsTheIDOfTheVocabulary() {
        let error = Self.problem { $0["added_tokens"] = [["id": 300, "content": "ab"]] }
        #expect(
            error
                == .tokenizer(
                    file: "t.json",
                    .contradictoryID(token: "ab", inVocabulary: 256, inAddedTokens: 300)))
    }

    @Test func theUnknownTokenMustExistWhereItIsNeeded() {
        let error = Self.problem { root in
            root.set("unk_token", in: "model", to: "<unk>")
            var model = root["model"]?.objectValue ?? JSONObject()
            model.set("z", in: "vocab", to: nil)
            root["model"] = .object(model)
        }
        #expect(error == .tokenizer(file: "t.json", .unknownTokenMissing(token: "<unk>")))
    }
}
