import OrderedJSON

/// The parameters of a document with their values: defaults, what was set, and what follows from
/// it.
struct Parameters: Equatable, Sendable {
    /// The document's path, for sentences.
    let path: String
    let declarations: [ParameterDeclaration]
    /// What somebody chose: with --set, at the prompt, or earlier in the session.
    private(set) var chosen: [String: ParameterValue] = [:]
    /// The values of all parameters.
    private(set) var values: [String: ParameterValue] = [:]

    /// The names, in the order of their declaration.
    var names: [String] { declarations.map(\.name) }

    /// The defaults of a document, changed by assignments `NAME=VALUE`.
    ///
    /// Formulas are computed, and every cell's `${…}` is tried, so that a slip is told before
    /// anything runs.
    ///
    /// - Parameter recorded: The `parameters` of the session that goes on (``json``): what was set
    ///   there stays set. A parameter that the document no longer declares is passed over.
    /// - Throws: `CommandError.usage`.
    static func resolve(
        _ document: TutorialDocument, set: [String] = [], recorded: JSON? = nil
    ) throws(CommandError) -> Parameters {
        do throws(ParameterError) {
            var parameters = Parameters(document)
            for name in (recorded?["set"]?.arrayValue ?? []).compactMap(\.stringValue) {
                guard let declaration = parameters.declaration(name),
                    let value = recorded?["values"]?[name].flatMap({ ParameterValue($0) })
                else { continue }
                parameters.chosen[name] = try declaration.read(value.text)
            }
            for assignment in set {
                let pieces = assignment.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false
                ).map(String.init)
                guard pieces.count == 2 else { throw ParameterError.noAssignment(assignment) }
                try parameters.choose(pieces[0], pieces[1])
            }
            try parameters.compute()
            for cell in document.cells {
                _ = try parameters.substituted(cell)
            }
            return parameters
        } catch {
            throw .usage(error.sentence(document.path))
        }
    }

    private init(_ document: TutorialDocument) {
        path = document.path
        declarations = document.parameters
    }

    private func declaration(_ name: String) -> ParameterDeclaration? {
        declarations.first { $0.name == name }
    }

    private mutating func choose(_ name: String, _ text: String) throws(ParameterError) {
        guard let declaration = declaration(name) else { throw .unknown(name, known: names) }
        chosen[name] = try declaration.read(text)
    }

    /// The same parameters with one of them set, and what follows from it.
    ///
    /// - Throws: `CommandError.usage`.
    func setting(_ name: String, to text: String) throws(CommandError) -> Parameters {
        var changed = self
        do throws(ParameterError) {
            try changed.choose(name, text)
            try changed.compute()
        } catch {
            throw .usage(error.sentence(path))
        }
        return changed
    }

    /// Computes everything anew: what a formula says follows from what it reads.
    private mutating func compute() throws(ParameterError) {
        values = [:]
        for declaration in declarations { try compute(declaration, reading: []) }
    }

    private mutating func compute(
        _ declaration: ParameterDeclaration, reading path: [String]
    ) throws(ParameterError) {
        let name = declaration.name
        if values[name] != nil { return }
        if let start = path.firstIndex(of: name) { throw .cycle(Array(path[start...]) + [name]) }
        if let value = chosen[name] {
            values[name] = value
            return
        }
        switch declaration.initial {
        case .value(let value): values[name] = value
        case .derived(let text, let formula):
            for other in formula.names {
                guard let needed = self.declaration(other) else { continue }
                try compute(needed, reading: path + [name])
            }
            let value: ParameterValue
            do { value = try formula.value(values) } catch {
                throw .badFormula(name, formula: text, error)
            }
            values[name] = try declaration.checked(value)
        }
    }

    /// A cell's text with the values of its `${…}`. What a value says is not looked into again.
    func substituted(_ cell: TutorialCell) throws(ParameterError) -> String {
        var text = ""
        var rest = cell.source[...]
        while let start = rest.firstRange(of: "${"),
            let end = rest[start.upperBound...].firstIndex(of: "}")
        {
            let formula = String(rest[start.upperBound..<end])
            do throws(ExpressionError) {
                text += rest[..<start.lowerBound] + (try Expression(formula).value(values).text)
            } catch {
                let line = cell.line + cell.source[..<start.lowerBound].count { $0.isNewline }
                throw .badUse(
                    cell: cell.notebookNumber, line: line, text: formula.trimmed, error)
            }
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }

    /// What a session keeps: all values in order, and which of them were set.
    var json: JSON {
        var all = JSONObject()
        for name in names { all[name] = values[name]?.json }
        let set = names.filter { chosen[$0] != nil }
        return ["values": .object(all), "set": .array(set.map { .string($0) })]
    }
}
