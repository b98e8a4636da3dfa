import Testing

@testable import LanguageModels

@Suite struct AddedTokenTests {
    static func pieces(_ text: String, _ tokens: [AddedToken]) -> [String] {
        let bytes = Array(text.utf8)
        return AddedTokenFinder(tokens).pieces(of: bytes.span, in: 0..<bytes.count).map { piece in
            let text = String(decoding: bytes[piece.range], as: UTF8.self)
            return piece.id.map { "[\($0):\(text)]" } ?? text
        }
    }

    @Test func theLeftmostAndThereTheLongestTokenIsFound() {
        let tokens = [
            AddedToken.special("<a", id: 1), .special("<a>", id: 2), .special("a>", id: 3),
        ]
        #expect(Self.pieces("x<a><ab>a>", tokens) == ["x", "[2:<a>]", "[1:<a]", "b>", "[3:a>]"])
        #expect(Self.pieces("", tokens) == [])
    }

    @Test func withoutTokensTheTextIsOnePiece() {
        #expect(Self.pieces("abc", []) == ["abc"])
    }

    @Test func whiteSpaceIsTakenOnTheSidesAskedFor() {
        let left = AddedToken(text: "<l>", id: 1, isSpecial: false, stripsLeft: true)
        let right = AddedToken(text: "<r>", id: 2, isSpecial: false, stripsRight: true)
        #expect(Self.pieces("a \u{3000}<l> b", [left]) == ["a", "[1: \u{3000}<l>]", " b"])
        #expect(Self.pieces("a <r>\n\u{A0}b", [right]) == ["a ", "[2:<r>\n\u{A0}]", "b"])
        #expect(Self.pieces("<r>  <l>", [left, right]) == ["[2:<r>  ]", "[1:<l>]"])
    }

    @Test func aSingleWordIsNotFoundInsideAnotherWord() {
        let word = AddedToken(text: "cat", id: 1, isSpecial: false, isSingleWord: true)
        #expect(
            Self.pieces("cat (cat) cats écat cat_", [word]) == [
                "[1:cat]", " (", "[1:cat]", ") cats écat cat_",
            ])
    }
}
