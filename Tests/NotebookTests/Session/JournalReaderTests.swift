import OrderedJSON
import Testing

@testable import Notebook

@Suite struct JournalReaderTests {
    static let texts = ["first", "second \"quoted\"", "third\nline", "vierte Zeile äöü 😀"]

    /// A journal of four records.
    static func journal() -> [UInt8] { lines().flatMap { $0 } }

    static func lines() -> [[UInt8]] {
        var previous = JournalRecord.firstPrevious
        return texts.enumerated().map { index, text in
            let record = JournalRecord(
                sequence: index + 1, time: "2026-11-21T10:15:03Z",
                type: index == 0 ? "note" : "cell.end",
                fields: JSONObject([("text", .string(text)), ("later", [1, 2.5, nil])]))
            let line = record.line(previous: previous)
            previous = line.crc
            return line.bytes
        }
    }

    @Test func `a line is plain JSON with the check last`() throws {
        let line = String(decoding: Self.lines()[0], as: UTF8.self)
        // The check was made with Python's zlib.crc32 over the text before ',"crc":'.
        #expect(
            line == """
                {"v":1,"seq":1,"t":"2026-11-21T10:15:03Z","type":"note","text":"first",\
                "later":[1,2.5,null],"prev":"00000000","crc":"81644011"}

                """)
        #expect(try JSON(parsing: line)["seq"] == 1)
    }

    @Test func `what was written is read, unknown keys too`() {
        let contents = JournalContents(Self.journal())
        #expect(contents.damage == nil)
        #expect(contents.records.map(\.sequence) == [1, 2, 3, 4])
        #expect(contents.records.map { $0.fields["text"]?.stringValue } == Self.texts)
        #expect(contents.records[2].fields["later"] == [1, 2.5, nil])
        #expect(contents.goodLength == Self.journal().count)
    }

    @Test func `every prefix opens and loses no complete record`() {
        let journal = Self.journal()
        var ends: [Int] = []
        for line in Self.lines() { ends.append((ends.last ?? 0) + line.count) }
        for length in 0...journal.count {
            let contents = JournalContents(Array(journal[..<length]))
            // A record is complete without its newline already.
            let complete = ends.filter { $0 - 1 <= length }.count
            #expect(contents.records.count == complete, "\(length) bytes")
            #expect(contents.needsNewline == ends.contains(length + 1))
            let isWhole = length == 0 || ends.contains(length) || ends.contains(length + 1)
            #expect((contents.damage == nil) == isWhole, "\(length) bytes")
            #expect(contents.damage?.isTail ?? true)
            let kept = contents.goodLength + (contents.damage?.byteCount ?? 0)
            #expect(kept == length)
        }
    }

    @Test func `every flipped bit is seen, and only what was not synced may be torn`() {
        let journal = Self.journal()
        // The last line may be the only one that a loss of power has kept of the last two.
        let thirdStart = Self.lines()[0].count + Self.lines()[1].count
        for index in journal.indices {
            for bit in 0..<8 {
                var damaged = journal
                damaged[index] ^= 1 << bit
                let contents = JournalContents(damaged)
                guard let damage = contents.damage else {
                    // Only the last newline can change unseen: the record before it is whole.
                    Issue.record("bit \(bit) of byte \(index) was not seen")
                    continue
                }
                // The newline before the third line joins it with the second.
                #expect(damage.isTail == (index >= thirdStart - 1), "byte \(index)")
                #expect(contents.records.count <= 3)
            }
        }
    }

    @Test func `missing, repeated and swapped lines are not torn ends`() {
        let lines = Self.lines()
        let missing = JournalContents(lines[0] + lines[2])
        #expect(missing.damage?.problem == .wrongSequence(expected: 2, found: 3))
        #expect(missing.damage?.isTail == false)
        let repeated = JournalContents(lines[0] + lines[1] + lines[1])
        #expect(repeated.damage?.problem == .wrongSequence(expected: 3, found: 2))
        #expect(repeated.damage?.isTail == false)
        let other = JournalRecord(sequence: 2, time: "", type: "note", fields: JSONObject())
        let foreign = JournalContents(lines[0] + other.line(previous: "12345678").bytes)
        #expect(foreign.damage?.problem == .wrongPrevious)
        #expect(foreign.damage?.line == 2)
    }

    @Test func `carriage returns, zeros and long lines`() {
        let windows = Self.lines().flatMap { $0.dropLast() + Array("\r\n".utf8) }
        #expect(JournalContents(windows).records.count == 4)
        #expect(JournalContents(windows).damage == nil)

        let zeros = JournalContents(Self.journal() + [UInt8](repeating: 0, count: 4096))
        #expect(zeros.records.count == 4)
        #expect(zeros.damage?.isTail == true)
        #expect(zeros.damage?.byteCount == 4096)

        let long = String(repeating: "x", count: 2_000_000)
        let record = JournalRecord(
            sequence: 1, time: "", type: "note", fields: JSONObject([("text", .string(long))]))
        let line = record.line(previous: JournalRecord.firstPrevious).bytes
        #expect(JournalContents(line).records == [record])
    }

    @Test func `a record of a later version is not damage`() {
        var text = "{\"v\":2,\"seq\":1,\"t\":\"\",\"type\":\"note\",\"prev\":\"00000000\""
        text += ",\"crc\":\"\(CRC32.hex(of: text.utf8))\"}\n"
        #expect(JournalContents(Array(text.utf8)).damage?.problem == .newer(version: 2))
    }

    @Test(arguments: [
        #"{"v":1,"seq":1,"t":"now","type":"note","a":1,"b":"\"x\"","prev":"00000000""#,
        #"{"v": 1, "seq":1,"t":"now","type":"note","a":1,"b":"\"x\"","prev":"00000000""#,
        #"{"type":"note","a":1,"b":"\"x\"","prev":"00000000","v":1,"seq":1,"t":"now""#,
        #"{"v":1,"seq":1,"t":"n\u006fw","type":"note","a":1,"b":"\"x\"","prev":"00000000""#,
        #"{"v":1,"seq":1,"t":"now","type":"note","a":1,"prev":"00000000","b":"\"x\"""#,
    ]) func `a frame that another program wrote is read like ours`(_ text: String) {
        let contents = JournalContents(Self.checked(text))
        #expect(
            contents.records == [
                JournalRecord(
                    sequence: 1, time: "now", type: "note",
                    fields: JSONObject([("a", 1), ("b", "\"x\"")]))
            ])
    }

    @Test(arguments: [
        #"{"v":1,"seq":1,"t":"now","type":"note","seq":2,"prev":"00000000""#,
        #"{"v":1,"seq":1,"t":"now","type":"note","a":1,"a":2,"prev":"00000000""#,
        #"{"v":1,"seq":1,"t":"now","type":"note","a":,"prev":"00000000""#,
        #"{"v":1,"seq":1,"t":"now","type":"note" "a":1,"prev":"00000000""#,
        #"{"v":1,"seq":1,"t":"now","type":7,"prev":"00000000""#,
    ]) func `a right checksum makes no record of what is none`(_ text: String) {
        #expect(JournalContents(Self.checked(text)).damage?.problem == .notARecord)
    }

    /// A line with its check.
    private static func checked(_ text: String) -> [UInt8] {
        Array((text + ",\"crc\":\"\(CRC32.hex(of: text.utf8))\"}\n").utf8)
    }
}
