import ArgumentParser
import Autograd
import OrderedJSON
import TerminalUI

/// `doctor`: what the program found on this machine.
struct DoctorCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Show instruction set, libraries, memory and terminal.",
        discussion: """
            Plots are drawn in braille where the locale is UTF-8, else in ASCII; the samples show \
            whether the font has the characters.
            """)
    static var place: CommandPlace { .everywhere }

    @OptionGroup var global: GlobalOptions

    func execute(in context: CommandContext) throws {
        let report = DoctorReport(
            machine: Machine.found(threads: context.settings.threads),
            terminal: context.console.capabilities, variables: Machine.environment)
        context.console.show(report.list, isReproducible: false)
        for hint in report.hints { context.console.say(hint, .warning, isReproducible: false) }
        context.console.emit(report.json)
    }
}

/// What `doctor` says.
struct DoctorReport {
    let machine: Machine
    let terminal: TerminalCapabilities
    /// The value of an environment variable.
    let variables: (String) -> String?

    /// The locale that decides about characters: the first of these variables that is not empty.
    var locale: String {
        ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { variables($0) }.first { !$0.isEmpty } ?? "C"
    }

    private var terminalKind: String {
        variables("TERM").flatMap { $0.isEmpty ? nil : $0 } ?? "none"
    }

    private var colors: Int {
        switch terminal.colorDepth {
        case .none: 0
        case .ansi16: 16
        case .ansi256: 256
        }
    }

    var list: KeyValueList {
        let memory =
            "\(formatted(bytes: machine.memoryBytes)), "
            + "\(formatted(bytes: machine.availableBytes)) free"
        return KeyValueList(styled: [
            ("rlhf", StyledLine(Engine.version)),
            ("instruction set", StyledLine(machine.instructionSet)),
            ("processor", StyledLine(machine.processor)),
            ("cores, threads", StyledLine("\(machine.cores), \(machine.threads)")),
            ("memory", StyledLine(memory)),
            ("libraries", StyledLine(libraries)),
            ("terminal", StyledLine(terminalText)),
            ("colours", StyledLine(colors == 0 ? "none" : "\(colors)")),
            ("locale", StyledLine("\(locale), \(terminal.unicode ? "UTF-8" : "not UTF-8")")),
            ("braille plots", brailleSample),
            ("sparklines", Sparkline(Self.wave).line(capabilities: terminal)),
            ("ASCII plots", Sparkline(Self.wave).line(capabilities: .plain)),
        ])
    }

    private var libraries: String {
        "oneDNN \(machine.oneDNNVersion), OpenSSL \(machine.openSSLVersion), libedit"
    }

    private var terminalText: String {
        let size = "\(terminal.columns) columns, \(terminal.rows) rows"
        return terminal.isTerminal ? "\(terminalKind), \(size)" : "output is no terminal, \(size)"
    }

    private static let wave: [Double] = [1, 2, 3, 4, 5, 6, 7, 8, 7, 6, 5, 4, 3, 2, 1]

    private var brailleSample: StyledLine {
        terminal.unicode
            ? StyledLine("⡀⣀⣄⣤⣦⣶⣷⣿⣷⣶⣦⣤⣄⣀⡀", .series(0))
            : StyledLine("not shown: the locale is not UTF-8", .dim)
    }

    /// What to do about what was found, where there is something to do.
    var hints: [String] {
        var hints: [String] = []
        if !terminal.unicode {
            hints.append("for braille plots set a UTF-8 locale: export LC_ALL=C.UTF-8")
        }
        if terminal.isTerminal && ["none", "dumb", "unknown"].contains(terminalKind) {
            hints.append("for colours and progress lines set TERM: export TERM=xterm-256color")
        }
        if terminal.isTerminal && terminal.columns < 60 {
            hints.append("tables and plots want 60 columns or more: make the window wider")
        }
        if machine.availableBytes > 0 && machine.availableBytes < 1_000_000_000 {
            hints.append("less than 1 GB of memory is free: use small models or --shards 2")
        }
        return hints
    }

    var json: JSON {
        [
            "version": .string(Engine.version), "instruction_set": .string(machine.instructionSet),
            "processor": .string(machine.processor), "cores": .integer(machine.cores),
            "threads": .integer(machine.threads), "memory_bytes": .integer(machine.memoryBytes),
            "memory_available_bytes": .integer(machine.availableBytes),
            "libraries": [
                "onednn": .string(machine.oneDNNVersion),
                "openssl": .string(machine.openSSLVersion), "libedit": true,
            ],
            "terminal": [
                "is_terminal": .bool(terminal.isTerminal), "kind": .string(terminalKind),
                "columns": .integer(terminal.columns), "rows": .integer(terminal.rows),
                "colors": .integer(colors), "unicode": .bool(terminal.unicode),
            ],
            "locale": .string(locale), "hints": .array(hints.map { .string($0) }),
        ]
    }
}
