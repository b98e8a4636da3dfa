/// What can be wrong with the parameters of a document.
enum ParameterError: Error, Equatable, Sendable {
    case badDeclaration(String, String)
    case wrongValue(String, expected: String, found: String)
    case unknown(String, known: [String])
    /// Not `NAME=VALUE`.
    case noAssignment(String)
    case cycle([String])
    case badFormula(String, formula: String, ExpressionError)
    /// `${…}` in a cell that cannot be computed; `cell` is the cell's number in a notebook.
    case badUse(cell: Int?, line: Int, text: String, ExpressionError)
}

extension ExpressionError {
    /// What is wrong, to stand behind a colon.
    var words: String {
        switch self {
        case .unexpected(let rest):
            return rest.isEmpty ? "it ends too early" : "\"\(rest)\" was not expected"
        case .unknownName(let name): return "\"\(name)\" is no parameter"
        case .unknownFunction(let name):
            return "there is no function \"\(name)\", only min, max and round"
        case .wrongCount(let function, let expected, let found):
            return "\(function) takes \(expected), found \(found)"
        case .wrongKinds(let sign, let kinds):
            return "\"\(sign)\" cannot be applied to \(kinds.joined(separator: " and "))"
        case .divisionByZero: return "it divides by zero"
        case .outOfRange: return "the number is too large"
        case .tooDeep: return "it is nested too deeply"
        }
    }
}

extension ParameterError {
    /// The sentence; `path` is the document's.
    func sentence(_ path: String) -> String {
        switch self {
        case .badDeclaration(let name, let problem):
            return "\(path): the parameter \"\(name)\": \(problem); mend the front matter"
        case .wrongValue(let name, let expected, let found):
            return "\(path): the parameter \"\(name)\" is to be \(expected), found \"\(found)\"; "
                + "give it another value"
        case .unknown(let name, let known):
            return "\(path) has no parameter \"\(name)\"; "
                + (known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))")
        case .noAssignment(let text): return "--set has \"\(text)\", expected NAME=VALUE"
        case .cycle(let names):
            return
                "\(path): the parameters \(names.joined(separator: " → ")) are computed from each "
                + "other; give one of them a value"
        case .badFormula(let name, let formula, let error):
            return
                "\(path): the parameter \"\(name)\" is \"= \(formula)\": \(error.words); mend the "
                + "front matter"
        case .badUse(let cell, let line, let text, .unknownName(let name)):
            let place = Self.place(path, cell, line)
            let use = text == name ? "" : " in ${\(text)}"
            return "\(place): the cell uses ${\(name)}\(use), which is no parameter of the "
                + "document; declare it under rlhf.parameters at the top"
        case .badUse(let cell, let line, let text, let error):
            let place = Self.place(path, cell, line)
            return "\(place): the cell uses ${\(text)}: \(error.words); mend the line"
        }
    }
    /// `a.md:12`, or `a.ipynb, cell 3, line 2`.
    private static func place(_ path: String, _ cell: Int?, _ line: Int) -> String {
        cell.map { "\(path), cell \($0), line \(line)" } ?? SentenceParts.place(path, line)
    }
}
