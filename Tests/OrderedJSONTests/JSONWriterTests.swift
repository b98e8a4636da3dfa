import OrderedJSON
import Testing

@Suite struct JSONWriterTests {
    @Test func escapesOnlyWhatMustBe() {
        let value: JSON = "\"\\/\u{8}\u{C}\n\r\t\0\u{1F}\u{7F}é😀\u{2028}"
        #expect(
            value.text == #""\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7F}é😀\u{2028}\"")
    }

    /// The texts are those of Python's `repr`, which also writes the shortest that reads back.
    @Test(arguments: [
        (0.1, "0.1"), (1.0, "1.0"), (-0.0, "-0.0"), (1e16, "1e+16"), (1e22, "1e+22"),
        (1.0 / 3, "0.3333333333333333"), (.leastNonzeroMagnitude, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"), (1e-05, "1e-05"),
        (123456.789, "123456.789"), (0.693147182464599609375, "0.6931471824645996"),
    ])
    func numbersAreTheShortestThatReadBack(number: Double, text: String) throws {
        #expect(JSON.number(number).text == text)
        #expect(try JSON(parsing: text).doubleValue == number)
    }

    @Test func numbersJSONCannotWriteBecomeNull() {
        let value: JSON = [.number(.nan), .number(.infinity), .number(-.infinity)]
        #expect(value.text == "[null,null,null]")
    }

    @Test func prettyTextIsIndentedByTwo() {
        let value: JSON = ["a": [1, ["b": "x"]], "empty": [], "none": [:], "z": nil]
        let expected = """
            {
              "a": [
                1,
                {
                  "b": "x"
                }
              ],
              "empty": [],
              "none": {},
              "z": null
            }

            """
        #expect(value.prettyText() == expected)
        #expect(JSON.integer(7).prettyText() == "7\n")
    }

    @Test(arguments: 0..<100) func whatIsWrittenReadsBackTheSame(seed: Int) throws {
        var random = Generator(seed: UInt64(seed))
        let value = Self.value(depth: 4, &random)
        #expect(try JSON(parsing: value.text) == value)
        #expect(try JSON(parsing: value.prettyText()) == value)
        #expect(try JSON(parsing: value.text).text == value.text)
        #expect(!value.text.utf8.contains(0x0A), "one line")
    }

    private static func value(depth: Int, _ random: inout Generator) -> JSON {
        switch random.next() % (depth > 0 ? 8 : 6) {
        case 0: return .null
        case 1: return .bool(random.next() % 2 == 0)
        case 2: return .integer(Int(truncatingIfNeeded: random.next()) >> (random.next() % 64))
        case 3:
            let number = Double(bitPattern: random.next())
            return .number(number.isFinite ? number : 0.25)
        case 4, 5: return .string(string(&random))
        case 6:
            return .array((0..<(random.next() % 5)).map { _ in value(depth: depth - 1, &random) })
        default:
            return .object(
                JSONObject(
                    (0..<(random.next() % 14)).map { _ in
                        (string(&random), value(depth: depth - 1, &random))
                    }))
        }
    }

    private static func string(_ random: inout Generator) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<(random.next() % 8) {
            let limits: [UInt64] = [0x20, 0x80, 0x800, 0x11_0000]
            let code = random.next() % limits[Int(random.next() % 4)]
            scalars.append(Unicode.Scalar(UInt32(code)) ?? "\u{FFFD}")
        }
        return String(scalars)
    }
}
