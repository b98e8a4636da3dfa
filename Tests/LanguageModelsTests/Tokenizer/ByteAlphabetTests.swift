import Testing

@testable import LanguageModels

@Suite struct ByteAlphabetTests {
    @Test func everyByteHasItsOwnCharacterAndComesBack() {
        #expect(Set(ByteAlphabet.scalars).count == 256)
        for byte in UInt8.min...UInt8.max {
            #expect(ByteAlphabet.byte(of: ByteAlphabet.scalars[Int(byte)]) == byte)
        }
    }

    @Test func spellingsAreThoseOfGPT2() {
        #expect(ByteAlphabet.spelling(of: Array(" the\n".utf8)) == "ĠtheĊ")
        #expect(ByteAlphabet.spelling(of: Array("é\t".utf8)) == "Ã©ĉ")
        #expect(ByteAlphabet.spelling(of: [0x00, 0x7F, 0xA0, 0xAD, 0xFF]) == "ĀġłŃÿ")
    }

    @Test func idsOfATrainedVocabularyStartWithPrintableASCII() {
        #expect(ByteAlphabet.bytesInScalarOrder.prefix(3) == [0x21, 0x22, 0x23])
        #expect(ByteAlphabet.bytesInScalarOrder.last == 0xAD)
    }

    @Test func aSpellingOutsideTheAlphabetStandsForItsOwnText() {
        #expect(ByteAlphabet.bytes(ofSpelling: "Ġa") == [0x20, 0x61])
        #expect(ByteAlphabet.bytes(ofSpelling: "a b") == [0x61, 0x20, 0x62])
        #expect(ByteAlphabet.bytes(ofSpelling: "語") == Array("語".utf8))
    }
}
