import Autograd
import OrderedJSON

/// What a step's result depends on besides its inputs: the command with its resolved options, and
/// the settings and the program it runs under.
///
/// Threads, colour, widths, times and checkpoints are not here: no result depends on them.
struct StepIdentity: Equatable, Sendable {
    /// The words that name the command: `train reward`.
    var command: String
    /// Options by name, defaults filled in, sorted by the bytes of the name.
    var options: JSONObject
    /// What stands without an option's name, in order.
    var arguments: [String]
    var seed: UInt64
    var shards: Int
    var precision: String
    /// The version of the program, its build (the digest of the executable) and the instruction
    /// set: the same binary on the same instruction set gives the same bits.
    var engine: EngineIdentity

    /// The canonical form: keys in a fixed order, options sorted.
    var json: JSON {
        [
            "command": .string(command), "options": .object(options),
            "arguments": .array(arguments.map { .string($0) }),
            "seed": .string(String(seed)), "shards": .integer(shards),
            "precision": .string(precision), "engine": .string(engine.version),
            "build": .string(engine.build), "instruction_set": .string(engine.instructionSet),
        ]
    }

    /// Names the command and its settings; the inputs are not part of it.
    var digest: Digest { Digest(of: json.text) }

    static func == (left: StepIdentity, right: StepIdentity) -> Bool { left.json == right.json }
}

/// The program that computes.
struct EngineIdentity: Equatable, Sendable {
    var version: String
    /// The beginning of the digest of the executable.
    var build: String
    var instructionSet: String

    /// This program.
    static let current = EngineIdentity(
        version: Engine.version,
        build: (try? Digest(ofFile: "/proc/self/exe").short) ?? "unknown",
        instructionSet: KernelTarget.signature)
}

extension StepIdentity {
    init?(json: JSON) {
        guard let command = json["command"]?.stringValue,
            let options = json["options"]?.objectValue,
            let arguments = json["arguments"]?.arrayValue,
            let seed = json["seed"]?.stringValue.flatMap(UInt64.init),
            let shards = json["shards"]?.intValue,
            let precision = json["precision"]?.stringValue,
            let version = json["engine"]?.stringValue, let build = json["build"]?.stringValue,
            let instructionSet = json["instruction_set"]?.stringValue
        else { return nil }
        self.init(
            command: command, options: options, arguments: arguments.compactMap(\.stringValue),
            seed: seed, shards: shards, precision: precision,
            engine: EngineIdentity(
                version: version, build: build, instructionSet: instructionSet))
    }

    /// The identity of a line as it is typed in a cell, under settings that its own options have
    /// been applied to.
    init(line: String, settings: Settings, engine: EngineIdentity) throws {
        try self.init(
            words: try CommandLineParser.words(ofCommand: line), settings: settings, engine: engine)
    }

    /// The same of the words of a command.
    init(words: [String], settings: Settings, engine: EngineIdentity) throws {
        let path = CommandPath(words)
        let resolved = ResolvedOptions(
            Array(words.dropFirst(path.names.count)),
            grammar: CommandOutline(path.command).arguments().options,
            leavingOut: Self.withoutEffect)
        self.init(
            command: path.names.joined(separator: " "), options: resolved.options,
            arguments: resolved.arguments, seed: settings.seed, shards: settings.shards,
            precision: settings.precision.rawValue, engine: engine)
    }

    /// Options that no result depends on, or that stand in the identity by themselves.
    private static let withoutEffect: Set<String> = [
        "--seed", "--threads", "--shards", "--precision", "--json", "--color", "--quiet",
        "--fresh", "--checkpoint-every", "--resume", "--version", "--help",
    ]

    /// Whether the step also writes files outside the session, which no store can bring back.
    var writesFiles: Bool {
        ["--out", "--metrics", "--save"].contains { options[$0] != nil }
    }
}

/// The words after a command's name, sorted out by its grammar.
///
/// Only the order of different options is lost, which has no meaning: two lines that could do
/// different things never come out the same.
struct ResolvedOptions: Equatable {
    private(set) var options = JSONObject()
    private(set) var arguments: [String] = []

    init(
        _ words: [String], grammar: [CommandOutline.Argument], leavingOut: Set<String> = []
    ) {
        var values: [String: [JSON]] = [:]
        for option in grammar where option.defaultValue != nil {
            values[option.name] = option.defaultValue.map { [Self.value($0)] }
        }
        var rest = words[...]
        var given: Set<String> = []
        while let word = rest.popFirst() {
            if word == "--" {
                arguments += rest
                break
            }
            let pieces = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard word.hasPrefix("--"), let name = pieces.first,
                let option = grammar.first(where: { $0.name == name })
            else {
                arguments.append(word)
                continue
            }
            var found: [JSON] = []
            if !option.takesValue {
                found = [true]
            } else if pieces.count == 2 {
                found = [Self.value(pieces[1])]
            } else if option.isGreedy {
                while let next = rest.first, !next.hasPrefix("-") {
                    found.append(Self.value(next))
                    rest = rest.dropFirst()
                }
            } else if let next = rest.popFirst() {
                found = [Self.value(next)]
            }
            let isFirst = given.insert(name).inserted
            values[name] = option.isRepeating && !isFirst ? (values[name] ?? []) + found : found
        }
        let names = values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for name in names where !leavingOut.contains(name) {
            let found = values[name] ?? []
            options[name] = found.count == 1 ? found[0] : .array(found)
        }
    }

    /// Numbers by their value: `5e-4` and `0.0005` are the same.
    private static func value(_ text: String) -> JSON {
        let isNumeric = text.utf8.allSatisfy {
            ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || "+-.eE".utf8.contains($0)
        }
        guard isNumeric, let number = Double(text), number.isFinite else { return .string(text) }
        if let whole = Int(exactly: number) { return .integer(whole) }
        return .number(number)
    }
}
