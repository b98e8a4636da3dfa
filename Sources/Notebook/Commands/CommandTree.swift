import ArgumentParser
import Autograd
import TerminalUI

/// Every command, in the cell and in the shell: one grammar for both.
struct RLHF: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rlhf",
        abstract: "An alignment notebook: language models and human feedback, in the terminal.",
        discussion: """
            Without a command it opens a new session at a prompt. There, a line that starts with ":" \
            is one of the commands below; any other text is a prompt for the current policy.
            """,
        version: Engine.version,
        groupedSubcommands: [
            CommandGroup(
                name: "Sessions",
                subcommands: [
                    OpenCommand.self, TutorialCommand.self, RunCommand.self, ReplayCommand.self,
                    ExportCommand.self,
                ]),
            CommandGroup(
                name: "Data",
                subcommands: [
                    LoadCommand.self, InspectCommand.self, LintCommand.self, ConvertCommand.self,
                ]),
            CommandGroup(
                name: "Models",
                subcommands: [
                    ModelCommand.self, TokenizeCommand.self, ScoreCommand.self,
                ]),
            CommandGroup(name: "Train", subcommands: [TrainCommand.self, ResumeCommand.self]),
            CommandGroup(
                name: "Sample and judge",
                subcommands: [
                    SampleCommand.self, GenerateCommand.self, CompareCommand.self,
                    EvaluateCommand.self,
                ]),
            CommandGroup(
                name: "Feedback",
                subcommands: [
                    LabelCommand.self, VotesCommand.self, AgreementCommand.self,
                    LabelStudioCommand.self, ServeCommand.self,
                ]),
            CommandGroup(
                name: "Look",
                subcommands: [
                    PlotCommand.self, MetricsCommand.self, SamplesCommand.self, ShowCommand.self,
                    ReportCommand.self,
                ]),
            CommandGroup(
                name: "Session",
                subcommands: [
                    CellsCommand.self, EditCommand.self, RerunCommand.self, StaleCommand.self,
                    WhyCommand.self, DeleteCommand.self, MoveCommand.self, UndoCommand.self,
                    RedoCommand.self, NoteCommand.self, SaveCommand.self, SetCommand.self,
                    HistoryCommand.self, QuitCommand.self,
                ]),
            CommandGroup(
                name: "Machine",
                subcommands: [StoreCommand.self, BenchCommand.self, DoctorCommand.self]),
        ],
        defaultSubcommand: OpenCommand.self)

}

/// The program: what the executable runs.
public enum Program {
    /// Reads the command line, runs the command, and answers the exit code of the shell contract.
    public static func main() -> Int32 {
        let words = Array(CommandLine.arguments.dropFirst())
        let spelling = CommandSpelling(words, in: .shell)
        do {
            // The parser's own "help" knows no metrics and no slots.
            if words.first == "help" {
                var help = try HelpCommand.parse(Array(words.dropFirst()))
                try help.run()
                return 0
            }
            try spelling.check()
            var command = try RLHF.parseAsRoot(words)
            try command.run()
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            if let page = HelpText.page(in: error) {
                try? StandardStream.output.write(page + "\n")
                return 0
            }
            let failure = spelling.explained(error)
            try? StandardStream.errors.write("error: " + failure.sentence + "\n")
            return failure.exitCode.rawValue
        }
    }
}

/// A command of the notebook: what it does is the same in a cell and in the shell.
protocol NotebookCommand: ParsableCommand {
    /// Options that every command has.
    var global: GlobalOptions { get }
    /// Whether it makes sense in a cell, in the shell, or in both.
    static var place: CommandPlace { get }
    func execute(in context: CommandContext) throws
}

/// Where a command can be given.
enum CommandPlace {
    case everywhere
    /// Only at the prompt and in cells: it works on slots.
    case cells
    /// Only in the shell: it works on sessions as wholes.
    case shell
}

extension NotebookCommand {
    static var place: CommandPlace { .everywhere }

    mutating func run() throws { try Shell.run(self) }
}

/// The options that mean the same everywhere.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Names every random stream (default 42).", valueName: "N"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("Threads; results do not depend on it.", valueName: "N"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Parts a batch is cut into; results depend on it (default 8).", valueName: "N"))
    var shards: Int?

    @Option(help: "Precision of matrix products: f32 or bf16; results depend on it.")
    var precision: PrecisionChoice?

    @Option(
        help: ArgumentHelp(
            "The model under an adapter's folder (default: what the folder names).",
            valueName: "DIR"))
    var base: String?

    @Flag(help: "Print one JSON value or JSON lines, and nothing else, on standard output.")
    var json = false

    @Option(help: "Colour: always, never or auto.")
    var color: ColorChoice?

    @Flag(help: "No progress and no remarks.")
    var quiet = false

    @Flag(help: "Compute, even where the store knows the result.")
    var fresh = false

    enum PrecisionChoice: String, ExpressibleByArgument, CaseIterable {
        case f32, bf16

        var value: Precision { self == .f32 ? .f32 : .bf16 }
    }

    enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
        case always, never, auto
    }

    func validate() throws {
        for (name, value) in [("--threads", threads), ("--shards", shards)] {
            if let value, value < 1 { throw ValidationError("\(name) is at least 1") }
            if let value, value > 1024 { throw ValidationError("\(name) is at most 1024") }
        }
        if let precision, !precision.value.isSupported {
            throw ValidationError(
                "--precision bf16 needs a processor with AVX512-BF16 and a build for it; this is "
                    + "\(KernelTarget.name); leave it out for f32")
        }
    }
}
