import Testing

@testable import Notebook

@Suite struct CRC32Tests {
    // Values of Python's zlib.crc32.
    @Test(arguments: [
        ("", "00000000"), ("a", "e8b7be43"), ("123456789", "cbf43926"),
        ("The quick brown fox jumps over the lazy dog", "414fa339"), ("codding", "69c8c72d"),
    ])
    func `equals zlib`(text: String, hex: String) {
        #expect(CRC32.hex(of: text.utf8) == hex)
    }

    @Test func `every single changed bit is seen`() {
        let bytes = Array("{\"v\":1,\"seq\":42}".utf8)
        let checksum = CRC32.checksum(of: bytes)
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << bit
                #expect(CRC32.checksum(of: damaged) != checksum)
            }
        }
    }
}
