import OrderedJSON
import Testing

@Suite struct JSONParserStringsTests {
    @Test(arguments: [
        (#""""#, ""), (#""plain é 😀""#, "plain é 😀"),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00""#, "😀"), (#""\u0000""#, "\0"),
        (#""a\u0062c""#, "abc"), ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"),
    ])
    func readsEscapes(text: String, string: String) throws {
        #expect(try JSON(parsing: text) == .string(string))
    }

    @Test(arguments: [
        (#"["a"#, 2, "a string does not end"),
        (#"["a\"#, 5, "a string does not end"),
        (#"["\u12"#, 7, "a string does not end"),
        (#"["a\n"#, 2, "a string does not end"),
        (#"["\x"]"#, 3, #""\" starts no escape that JSON knows"#),
        (#"["\u12G4"]"#, 7, #"expected four hexadecimal digits after "\u""#),
        (#"["\ud83d"]"#, 3, #"a \u escape is half of a surrogate pair"#),
        (#"["\ude00"]"#, 3, #"a \u escape is half of a surrogate pair"#),
        (#"["\ud83d\u0041"]"#, 3, #"a \u escape is half of a surrogate pair"#),
        (#"["\ud83dx"]"#, 3, #"a \u escape is half of a surrogate pair"#),
        ("[\"a\nb\"]", 4, #"a string does not end on its line (write a line end as \n)"#),
        ("[\"\\\\a\nb\"]", 6, #"a string does not end on its line (write a line end as \n)"#),
        ("[\"a\tb\"]", 4, "a control character in a string is not escaped"),
        ("[\"\\\\\tb\"]", 5, "a control character in a string is not escaped"),
    ])
    func refusesWithThePlace(text: String, column: Int, problem: String) {
        #expect(throws: JSONError(line: 1, column: column, problem: problem)) {
            try JSON(parsing: text)
        }
    }
}
