import ArgumentParser
import OrderedJSON

/// The grammar of a command as data, for completion: what may follow which word.
struct CommandOutline: Sendable {
    let name: String
    let aliases: [String]
    let abstract: String
    private let command: any ParsableCommand.Type

    /// An option or a positional argument.
    struct Argument: Sendable {
        /// `--steps`, or for a positional argument its name in help pages.
        let name: String
        let abstract: String
        let takesValue: Bool
        let isRepeating: Bool
        /// What stands for the value in help pages, such as `FILE`.
        let valueName: String
        /// All values there are, when they are few.
        let values: [String]
        /// The value where nothing is said, as it would be typed.
        let defaultValue: String?
        /// Whether it takes all words up to the next option.
        let isGreedy: Bool
    }

    /// What may follow the names of a command.
    struct Arguments: Sendable {
        let options: [Argument]
        let positionals: [Argument]
    }

    /// The whole grammar.
    static let root = CommandOutline(RLHF.self)

    /// Commands that can be given in a cell.
    static let forCells: [CommandOutline] = root.children.filter {
        ($0.command as? any NotebookCommand.Type)?.place != .shell && $0.name != "help"
    }

    var children: [CommandOutline] {
        command.configuration.subcommands.map(CommandOutline.init)
    }

    func child(named name: String) -> CommandOutline? {
        children.first { $0.name == name || $0.aliases.contains(name) }
    }

    /// Its options and positional arguments, from the parser's own description of itself, which is
    /// made anew each time: of one command it takes a millisecond, of all of them 150.
    func arguments() -> Arguments {
        let dump = try? JSON(parsing: command._dumpHelp())
        let arguments = (dump?["command"]?["arguments"]?.arrayValue ?? [])
            .filter { $0["shouldDisplay"]?.boolValue != false }
        var options = arguments.filter { $0["kind"]?.stringValue != "positional" }.compactMap {
            json in
            json["preferredName"]?["name"]?.stringValue.map { Argument(json, name: "--" + $0) }
        }
        // A command described alone does not know that the whole program has a version.
        let help = options.lastIndex { $0.name == "--help" } ?? options.endIndex
        options.insert(.version, at: help)
        return Arguments(
            options: options,
            positionals: arguments.filter { $0["kind"]?.stringValue == "positional" }.map {
                Argument($0, name: $0["valueName"]?.stringValue ?? "")
            })
    }

    init(_ command: any ParsableCommand.Type) {
        self.command = command
        name = command._commandName
        aliases = command.configuration.aliases
        abstract = command.configuration.abstract
    }
}

extension CommandOutline.Argument {
    fileprivate static let version = CommandOutline.Argument(
        ["abstract": "Show the version.", "kind": "flag"], name: "--version")

    fileprivate init(_ json: JSON, name: String) {
        self.name = name
        abstract = json["abstract"]?.stringValue ?? ""
        takesValue = json["kind"]?.stringValue != "flag"
        isRepeating = json["isRepeating"]?.boolValue ?? false
        valueName = json["valueName"]?.stringValue ?? ""
        values = (json["allValues"]?.arrayValue ?? []).compactMap(\.stringValue)
        defaultValue = json["defaultValue"]?.stringValue
        isGreedy = json["parsingStrategy"]?.stringValue == "upToNextOption"
    }
}

/// The way along the words of a line, from `rlhf` down to the command that they name.
struct CommandPath {
    /// The command at the end of the way.
    private(set) var command: any ParsableCommand.Type = RLHF.self
    /// The names along the way: `train`, `sft`.
    private(set) var names: [String] = []
    /// The first word that should name a command and does not.
    private(set) var unknown: String?

    init(_ words: [String]) {
        for word in words {
            let children = command.configuration.subcommands
            if children.isEmpty || word.hasPrefix("-") { return }
            let next = children.first { Self.names(of: $0).contains(word) }
            guard let next else {
                unknown = word
                return
            }
            command = next
            names.append(next._commandName)
        }
    }

    /// What may follow.
    var choices: [String] { command.configuration.subcommands.map { $0._commandName } }

    /// Its help page.
    func helpPage(columns: Int?) -> String {
        RLHF.helpMessage(for: command, columns: columns)
    }

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command._commandName] + command.configuration.aliases
    }
}
