import Testing

@testable import LanguageModels

@Suite struct ScalarClassTests {
    @Test func everyCharacterHasTheClassTheLibraryGivesIt() throws {
        let starts = try TokenizerFixture.text("classes.txt").split(separator: "\n").map { line in
            let parts = line.split(separator: " ")
            return (try #require(UInt32(parts[0], radix: 16)), String(parts[1]))
        }
        var run = 0
        var wrong: [UInt32] = []
        for code in UInt32(0)..<0x11_0000 {
            guard let scalar = Unicode.Scalar(code) else { continue }
            while run + 1 < starts.count, starts[run + 1].0 <= code { run += 1 }
            let bytes = Array(String(scalar).utf8)
            let found = ScalarClass.read(bytes.span, at: 0)
            if "\(found.class)" != starts[run].1 || found.length != bytes.count {
                wrong.append(code)
            }
        }
        #expect(starts.count > 1500)
        #expect(wrong == [])
    }

    @Test(arguments: [
        [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
        [0xF4, 0x90, 0x80, 0x80],
        [0xF0, 0x9F, 0x98], [0xFF], [0xC3, 0x28],
    ])
    func aByteThatStartsNoCharacterIsAnotherCharacterOfItsOwn(bytes: [UInt8]) {
        let found = ScalarClass.read(bytes.span, at: 0)
        #expect(found.class == .other)
        #expect(found.length == 1)
    }
}
