import TerminalUI

/// What Tab offers after `:set`.
struct SettingCompletions {
    private let notebook: LiveSession

    init(_ notebook: LiveSession) { self.notebook = notebook }

    /// Everything that can be set in an open session: the tutorial's parameters first. Seed, shards
    /// and precision belong to the session, because its results depend on them.
    var names: [Completion] {
        let parameters = notebook.parameters?.declarations ?? []
        return parameters.map { Completion($0.name, description: text(of: $0)) }
            + [
                Completion(
                    "threads",
                    description: "threads that work, now \(notebook.settings.threads); no result "
                        + "depends on them"),
                Completion(
                    "quiet",
                    description: "no progress and no remarks, now "
                        + (notebook.settings.isQuiet ? "on" : "off")),
            ]
    }

    func values(of name: String) -> [Completion] {
        switch name {
        case "quiet":
            return [
                Completion("on", description: "results alone"),
                Completion("off", description: "progress and remarks as well"),
            ]
        case "threads":
            let cores = Posix.processorCount
            return [Completion("\(cores)", description: "all cores of this machine")]
        default: break
        }
        let declared = notebook.parameters?.declarations.first { $0.name == name }
        switch declared?.kind {
        case .choice(let choices): return choices.map { mark($0, in: name) }
        case .bool: return ["true", "false"].map { mark($0, in: name) }
        default: return declared == nil ? [] : [mark(value(of: name), in: name)]
        }
    }

    private func value(of name: String) -> String {
        notebook.parameters?.values[name]?.text ?? ""
    }

    private func mark(_ text: String, in name: String) -> Completion {
        Completion(text, description: text == value(of: name) ? "as it is now" : "")
    }

    private func text(of declaration: ParameterDeclaration) -> String {
        let meaning = declaration.summary ?? "parameter"
        return "\(meaning): \(declaration.expected), now \(value(of: declaration.name))"
    }
}
