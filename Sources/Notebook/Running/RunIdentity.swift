import OrderedJSON

/// What a training run depends on, kept in its checkpoints: a run is gone on with only where all of it
/// is as it was. Otherwise its end would be that of neither command.
struct RunIdentity {
    private let identity: StepIdentity
    private let inputs: StepInputs

    /// - Parameters:
    ///   - words: The command as it was typed.
    ///   - inputs: What it has read.
    init(words: [String], inputs: StepInputs, settings: Settings) throws {
        var identity = try StepIdentity(
            words: words, settings: settings,
            // The bits may depend on the program; that they can be gone on with does not.
            engine: EngineIdentity(version: "", build: "", instructionSet: ""))
        for name in Self.places { identity.options[name] = nil }
        self.identity = identity
        self.inputs = inputs
    }

    /// Options that say where things go, or what is said meanwhile.
    private static let places = ["--out", "--into", "--metrics", "--health"]

    var json: JSON {
        [
            "options": .object(identity.options),
            "arguments": .array(identity.arguments.map { .string($0) }),
            "--seed": .string(String(identity.seed)), "--shards": .integer(identity.shards),
            "--precision": .string(identity.precision), "inputs": inputs.json,
        ]
    }

    /// What is not as it was, the options first: `--beta (0.1, now 0.2)`.
    func differences(from earlier: JSON) -> [String] {
        let (before, now) = (earlier, json)
        var found: [String] = []
        func compare(_ name: String, _ old: JSON?, _ new: JSON?) {
            if old == new { return }
            found.append("\(name) (\(Self.text(old)), now \(Self.text(new)))")
        }
        for name in Self.names(before["options"], now["options"]) {
            compare(name, before["options"]?[name], now["options"]?[name])
        }
        for name in ["--seed", "--shards", "--precision"] { compare(name, before[name], now[name]) }
        if before["arguments"] != now["arguments"] { found.append("what it works on") }
        for name in Self.names(before["inputs"], now["inputs"])
        where before["inputs"]?[name] != now["inputs"]?[name] {
            let isFile = name.hasPrefix("file:")
            found.append("the contents of \(isFile ? String(name.dropFirst(5)) : name)")
        }
        return found
    }

    private static func names(_ old: JSON?, _ new: JSON?) -> [String] {
        let names = (old?.objectValue?.keys ?? []) + (new?.objectValue?.keys ?? [])
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    private static func text(_ value: JSON?) -> String {
        guard let value, !value.isNull else { return "not given" }
        return value.stringValue ?? value.text
    }
}
