import Alignment
import Glibc
import TerminalUI

extension Bench {
    /// Seconds from the start of the program to its prompt, with a new session each time; nil where
    /// no terminal can be made or no prompt comes.
    func start() -> BenchFigures? {
        let folder = Files.join(systemTemporaryFolder, "rlhf-bench.\(getpid())")
        defer { try? Posix.removeFolder(folder) }
        let timer = StepTimer(seconds: seconds)
        timer.start()
        var run = 0
        while true {
            run += 1
            timer.beginRun()
            let session = Files.join(folder, "\(run)")
            guard (try? Files.makeFolders(folder)) != nil,
                let terminal = TerminalProgram(program, arguments: ["rlhf", session]),
                terminal.shows("[1]>", within: 10)
            else { return nil }
            let decision = timer.lap()
            terminal.end()
            if decision == .stop { break }
        }
        return BenchFigures(name: .start, seconds: timer.results, amount: 1, unit: "starts")
    }

    private var systemTemporaryFolder: String {
        Machine.environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    }
}
