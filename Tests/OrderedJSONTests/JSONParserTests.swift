import OrderedJSON
import Testing

@Suite struct JSONParserTests {
    /// What each text is, written by hand after RFC 8259.
    @Test(
        arguments: [
            ("null", JSON.null), (" true ", true), ("false", false), ("\t[ ]\r\n", []),
            ("{ }", [:]),
            ("0", 0), ("-7", -7), ("9223372036854775807", .integer(.max)),
            ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("1.5", 1.5), ("1.0", 1.0), ("1E3", 1000.0), ("2e-2", 0.02), ("-0.0", .number(-0.0)),
            ("[1,[2,{\"a\":[]}]]", [1, [2, ["a": []]]]),
            ("\u{FEFF}1", 1),
        ] as [(String, JSON)])
    func readsValues(text: String, value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
    }

    @Test func aNegativeZeroKeepsItsSign() throws {
        let number = try #require(try JSON(parsing: "-0").doubleValue)
        #expect(number == 0 && number.sign == .minus)
    }

    @Test(arguments: [
        ("", 1, 1, "there is no JSON value, only white space"),
        (" \n ", 2, 2, "there is no JSON value, only white space"),
        ("[1,\n 2,]", 2, 4, "expected a value, found \"]\""),
        ("[1 2]", 1, 4, "expected \",\" or \"]\" in an array, found \"2\""),
        ("[1", 1, 3, "expected \",\" or \"]\" in an array, found the end of the text"),
        ("{\"a\" 1}", 1, 6, "expected \":\" after a key, found \"1\""),
        ("{a: 1}", 1, 2, "expected a key in double quotes, found \"a\""),
        ("{\"a\": 1,}", 1, 9, "expected a key in double quotes, found \"}\""),
        ("{\"a\": 1", 1, 8, "expected \",\" or \"}\" in an object, found the end of the text"),
        ("{\"a\":}", 1, 6, "expected a value, found \"}\""),
        ("{\"é\": 1, \"é\": 2}", 1, 10, "the key \"é\" is there twice"),
        ("{} {}", 1, 4, "expected the end, found \"{\" after the value"),
        ("NaN", 1, 1, "expected a value, found \"NaN\""),
        ("-Infinity", 1, 2, "expected a digit, found \"Infinity\""),
        ("nul", 1, 1, "expected a value, found \"nul\""),
        ("'a'", 1, 1, "expected a value, found \"'\""),
        ("// x\n1", 1, 1, "expected a value, found \"/\""),
        ("01", 1, 1, "a number starts with a needless 0"),
        ("-", 1, 2, "expected a digit, found the end of the text"),
        ("+1", 1, 1, "expected a value, found \"+\""),
        (".5", 1, 1, "expected a value, found \".\""),
        ("1.", 1, 3, "expected a digit, found the end of the text"),
        ("1e+", 1, 4, "expected a digit, found the end of the text"),
        ("1e999", 1, 1, "the number 1e999 is too large"),
        ("[\u{1F600}]", 1, 2, "expected a value, found \"\u{1F600}\""),
        ("[\"é\", x]", 1, 7, "expected a value, found \"x\""),
    ])
    func refusesWithThePlace(text: String, line: Int, column: Int, problem: String) {
        let expected = JSONError(line: line, column: column, problem: problem)
        #expect(throws: expected) { try JSON(parsing: text) }
    }

    @Test func linesAreCountedFromTheGivenFirst() {
        let expected = JSONError(line: 41, column: 1, problem: "expected a value, found \"x\"")
        #expect(throws: expected) { try JSON(parsing: Array("\nx".utf8), firstLine: 40) }
    }

    @Test(arguments: [
        ([0x5B, 0x0A, 0x22, 0xFF, 0x22, 0x5D] as [UInt8], 2, 2),  // never a byte of UTF-8
        ([0x22, 0xC3, 0x22], 1, 2),  // cut off
        ([0x22, 0xC0, 0xAF, 0x22], 1, 2),  // overlong "/"
        ([0x22, 0xED, 0xA0, 0x80, 0x22], 1, 2),  // a surrogate
        ([0xFF, 0xFE, 0x31, 0x00], 1, 1),  // UTF-16
    ])
    func refusesBytesThatAreNotUTF8(bytes: [UInt8], line: Int, column: Int) throws {
        let error = try #require(throws: JSONError.self) { try JSON(parsing: bytes) }
        #expect(error.isEncoding)
        #expect((error.line, error.column) == (line, column))
    }

    @Test func depthIsLimited() throws {
        let nested = { (depth: Int) in
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try JSON(parsing: nested(512)).arrayValue?.count == 1)
        let problem = "more than 512 levels of arrays and objects"
        #expect(throws: JSONError(line: 1, column: 513, problem: problem)) {
            try JSON(parsing: nested(513))
        }
        #expect(throws: JSONError.self) {
            try JSON(parsing: String(repeating: "[", count: 1_000_000))
        }
        #expect(try JSON(parsing: "[" + String(repeating: "[],", count: 1000) + "[]]")[1000] == [])
    }

    @Test func aLargeObjectIsReadQuicklyAndExactly() throws {
        let members = (0..<50_000).map { "\"token\($0)é\":\($0)" }
        let text = "{" + members.joined(separator: ",") + "}"
        let clock = ContinuousClock()
        var value = JSON.null
        let seconds = try clock.measure { value = try JSON(parsing: text) }
        #expect(value.objectValue?.count == 50_000)
        #expect(value["token31415é"] == 31_415)
        #expect(value["token50000é"] == nil)
        #expect(value.text == text)
        // A scan for each key would take minutes.
        #expect(seconds < .seconds(5))
    }

    /// Any bytes end in a value or an error with a place inside the text.
    @Test(arguments: 0..<200) func damagedTextsNeverTrap(seed: Int) {
        var random = Generator(seed: UInt64(seed))
        let sound = #"{"a":[1,-2.5e3,"x\n\u00e9\ud83d\ude00"],"b":{"c":null,"d":true}}"#
        var bytes = Array(sound.utf8)
        for _ in 0..<(1 + Int(random.next() % 4)) {
            let index = Int(random.next() % UInt64(bytes.count))
            switch random.next() % 3 {
            case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.remove(at: index)
            default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
            }
        }
        do {
            let value = try JSON(parsing: bytes)
            #expect(throws: Never.self) { try JSON(parsing: value.text) }
        } catch {
            #expect(error.line >= 1 && error.column >= 1 && error.column <= bytes.count + 1)
            #expect(!error.problem.isEmpty)
        }
    }
}
