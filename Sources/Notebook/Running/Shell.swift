import ArgumentParser
import Glibc
import TerminalUI

/// Runs a command given in the shell: files and folders in place of slots.
enum Shell {
    static func run(_ command: some NotebookCommand) throws {
        var settings = Settings()
        settings.threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        settings.apply(command.global)
        Interrupts.install()
        let console = Console(settings: settings)
        let context = CommandContext(
            settings: settings, console: console, workspace: Workspace(),
            words: Array(CommandLine.arguments.dropFirst()))
        do {
            if type(of: command).place == .cells {
                throw CommandError.usage(
                    "this command works on the slots of a session; start one with `rlhf`")
            }
            try command.execute(in: context)
        } catch let error as ExitCode {
            throw error
        } catch {
            if isHelpRequest(error) { throw error }
            let failure = commandError(for: error)
            console.failed(failure)
            throw ExitCode(failure.exitCode.rawValue)
        }
        if Interrupts.isRaised { throw ExitCode(CommandError.ExitCode.interrupted.rawValue) }
    }

    private static func isHelpRequest(_ error: any Error) -> Bool {
        error is CleanExit
    }
}

extension Console {
    /// Shows why a command failed; in a cell the sentence is kept with it.
    func failed(_ error: CommandError) {
        complain(
            error.exitCode == .interrupted ? error.sentence : "error: " + error.sentence,
            error.exitCode == .interrupted ? .warning : .error)
    }
}

extension GlobalOptions.ColorChoice {
    var mode: ColorMode {
        switch self {
        case .always: .always
        case .never: .never
        case .auto: .auto
        }
    }
}
