import OrderedJSON
import Testing

@testable import LanguageModels

@Suite struct StreamingDecoderTests {
    @Test func thePartsJoinToTheWholeText() throws {
        let tokenizer = try TokenizerFixture.tokenizer()
        for line in try TokenizerFixture.lines("decodings.jsonl") {
            let (_, ids) = try TokenizerFixture.pair(line, text: 1, ids: 0)
            var decoder = StreamingDecoder(tokenizer)
            let parts = ids.map { decoder.append($0) } + [decoder.finish()]
            let text = tokenizer.decode(ids)
            #expect(Array(parts.joined().utf8) == Array(text.utf8), "\(line.text)")
        }
    }

    @Test func noHalfCharacterIsEverShown() throws {
        let tokenizer = try TokenizerFixture.small()
        var decoder = StreamingDecoder(tokenizer)
        let parts = tokenizer.encode("a😀é語").map { decoder.append($0) }
        #expect(parts == ["a", "", "", "", "😀", "", "é", "", "", "語"])
        #expect(decoder.finish() == "")
    }

    @Test func anUnfinishedCharacterIsShownAtTheEnd() throws {
        let tokenizer = try TokenizerFixture.small()
        var decoder = StreamingDecoder(tokenizer)
        let ids = tokenizer.encode(bytes: [0xF0, 0x9F, 0x98])
        #expect(ids.map { decoder.append($0) } == ["", "", ""])
        #expect(decoder.finish() == "\u{FFFD}")
        #expect(decoder.append(ids[1]) == "\u{FFFD}")
    }

    @Test func impossibleBytesDoNotWait() throws {
        let tokenizer = try TokenizerFixture.small()
        for bytes: [UInt8] in [
            [0xE0, 0x80], [0xED, 0xA0], [0xF4, 0x90], [0xF0, 0x80], [0xC0], [0xF8],
        ] {
            var decoder = StreamingDecoder(tokenizer)
            let parts = tokenizer.encode(bytes: bytes).map { decoder.append($0) }
            #expect(parts.last?.isEmpty == false, "\(bytes)")
            #expect(decoder.finish() == "")
        }
    }
}
