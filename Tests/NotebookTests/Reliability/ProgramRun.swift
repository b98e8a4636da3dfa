import Foundation
import Glibc

@testable import Notebook

/// One run of the real program with an empty environment, so that no store knows its results.
///
/// It is started and awaited by its number. Foundation's `Process` waits for the end of a socket
/// that a terminal server started meanwhile by another test can hold open for ever.
struct ProgramRun {
    /// The exit code, nil where a signal ended it.
    let status: Int32?
    let output: String
    let errors: String

    /// - Parameter isTime: Asked all the time; when it answers yes the program is killed with
    ///   SIGKILL, unless it has ended before.
    init(
        _ arguments: [String], in folder: TemporaryFolder, killWhen isTime: () -> Bool = { false }
    ) throws {
        let output = folder("output-\(UUID().uuidString)")
        let errors = output + ".errors"
        let process = try Self.start(
            [TmuxTerminal.program] + arguments, output: output, errors: errors)
        var word: Int32 = 0
        var isKilled = false
        while unsafe waitpid(process, &word, isKilled ? 0 : WNOHANG) != process {
            if !isKilled, isTime() {
                kill(process, SIGKILL)
                isKilled = true
            } else {
                usleep(500)
            }
        }
        // As the macros WIFEXITED and WEXITSTATUS read it.
        status = word & 0x7F == 0 ? (word >> 8) & 0xFF : nil
        self.output = String(decoding: try Files.read(output), as: UTF8.self)
        self.errors = String(decoding: try Files.read(errors), as: UTF8.self)
    }

    private static func start(
        _ words: [String], output: String, errors: String
    ) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o644)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o644)
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { for index in words.indices { unsafe free(arguments[index]) } }
        var process: pid_t = 0
        let code = unsafe posix_spawn(&process, words[0], &actions, nil, &arguments, nil)
        guard code == 0 else { throw PosixError(operation: "start", path: words[0], code: code) }
        return process
    }
}
