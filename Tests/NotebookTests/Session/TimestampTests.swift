import Testing

@testable import Notebook

@Suite struct TimestampTests {
    // Values of Python's datetime.
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_827_696, "2000-02-29T12:34:56Z"),
        (1_795_256_103, "2026-11-21T10:15:03Z"), (-1, "1969-12-31T23:59:59Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"),
    ])
    func `writes a moment in UTC`(seconds: Int, text: String) {
        #expect(Timestamp.text(seconds) == text)
    }

    @Test func `has no colons in file names`() {
        #expect(Timestamp.fileName("2026-11-21T10:15:03Z") == "2026-11-21T10-15-03Z")
    }

    @Test func `a text is read back`() {
        for seconds in stride(from: 0, to: 4_102_444_800, by: 86_399 * 97) {
            #expect(Timestamp.seconds(Timestamp.text(seconds)) == seconds)
        }
        #expect(Timestamp.seconds("2026-11-21") == nil)
        #expect(Timestamp.seconds("2026-13-21T10:15:03Z") == nil)
    }
}
