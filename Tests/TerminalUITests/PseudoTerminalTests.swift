import CLineEditor
import Foundation
import Testing

@testable import TerminalUI

struct PseudoTerminalTests {
    @Test func aProgramRunsOnATerminalOfTheGivenSize() throws {
        var master: Int32 = -1
        let arguments = ["sh", "-c", "test -t 0 && stty size"]
        var pointers = unsafe arguments.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        let child = unsafe pseudo_terminal_spawn("/bin/sh", pointers, nil, 33, 77, &master)
        #expect(child > 0)
        var output: [UInt8] = []
        while true {
            let bytes = readBytes(from: master, limit: 256)
            if bytes.isEmpty { break }
            output += bytes
        }
        var status: Int32 = 0
        unsafe waitpid(child, &status, 0)
        close(master)
        #expect(String(decoding: output, as: UTF8.self) == "33 77\r\n")
        #expect(status == 0)
    }

    @Test func wholeTextsAreWrittenAndAClosedPipeIsSaid() throws {
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        try writeAll(Array("héllo\n".utf8), to: ends[1])
        #expect(readBytes(from: ends[0], limit: 100) == Array("héllo\n".utf8))
        close(ends[0])
        _ = signal(SIGPIPE, SIG_IGN)
        let descriptor = ends[1]
        #expect(throws: TerminalError.closed(descriptor: descriptor)) {
            try writeAll([1], to: descriptor)
        }
        close(descriptor)
    }
}
