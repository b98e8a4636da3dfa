import Testing

@testable import LanguageModels

@Suite struct ByteTableTests {
    @Test func entriesKeepTheOrderInWhichTheyCame() {
        var table = ByteTable()
        var expected: [[UInt8]] = []
        for number in 0..<5000 {
            let bytes = Array("\(number * 7919 % 2000)".utf8)
            let (index, isNew) = table.insert(bytes.span)
            if let known = expected.firstIndex(of: bytes) {
                #expect(index == known && !isNew)
            } else {
                #expect(index == expected.count && isNew)
                expected.append(bytes)
            }
        }
        #expect(table.count == 2000)
        for (index, bytes) in expected.enumerated() {
            #expect(table.index(of: bytes.span) == index)
            #expect(Array(table.bytes(at: index)) == bytes)
        }
    }

    @Test func textsThatSwiftCallsEqualAreDifferentKeys() {
        var table = ByteTable()
        let composed = Array("\u{E9}".utf8)
        let decomposed = Array("e\u{301}".utf8)
        _ = table.insert(composed.span)
        #expect(table.index(of: decomposed.span) == nil)
        #expect(table.insert(decomposed.span).index == 1)
    }

    @Test func theEmptyTextIsAKeyToo() {
        var table = ByteTable()
        let none: [UInt8] = []
        #expect(table.index(of: none.span) == nil)
        #expect(table.insert(none.span).isNew)
        #expect(table.index(of: none.span) == 0)
    }
}
