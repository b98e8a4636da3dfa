import OrderedJSON

/// A parameter that a document declares in its front matter:
///
///     rlhf:
///       parameters:
///         steps: 60                   # a whole number, because its default is one
///         twice: "= steps * 2"        # computed anew whenever steps is set
///         rate: {type: float, default: 5e-4, min: 0, max: 1, description: "learning rate"}
///         schedule: {choices: [linear, cosine], default: linear}
struct ParameterDeclaration: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case int, float, string, bool
        case choice([String])
    }

    /// What the parameter is when nobody sets it.
    enum Default: Equatable, Sendable {
        case value(ParameterValue)
        /// A formula over other parameters, as it was written and as it was read.
        case derived(String, Expression)
    }

    var name: String
    /// Nil for a formula without `type`: its kind is that of the value.
    var kind: Kind?
    var initial: Default
    /// The least and the greatest number, both allowed.
    var minimum: Double?
    var maximum: Double?
    var summary: String?

    static let keys = ["type", "default", "min", "max", "choices", "description"]

    /// Whether a character can stand in a name; a name does not start with a digit.
    static func isNamePart(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }

    /// Reads a declaration: a default, or a mapping with one.
    ///
    /// - Throws: `ParameterError.badDeclaration`, with what is wrong with it.
    init(name: String, json: JSON) throws(ParameterError) {
        func bad(_ problem: String) -> ParameterError { .badDeclaration(name, problem) }
        let reserved = ["true", "false", "min", "max", "round"]
        guard let first = name.first, !first.isNumber, name.allSatisfy(Self.isNamePart),
            !reserved.contains(name)
        else {
            throw bad(
                "a name is letters, digits and _, none of \(reserved.joined(separator: ", "))")
        }
        self.name = name
        let object = json.objectValue ?? JSONObject([("default", json)])
        for (key, _) in object where !Self.keys.contains(key) {
            throw bad(
                "the key \"\(key)\" means nothing, expected \(Self.keys.joined(separator: ", "))")
        }
        let choices = try Self.choices(object["choices"], bad)
        kind = try Self.kind(object["type"], choices, bad)
        summary = object["description"]?.stringValue
        minimum = try Self.bound("min", object, bad)
        maximum = try Self.bound("max", object, bad)
        guard let json = object["default"], let value = ParameterValue(json) else {
            throw bad("it needs a default: a number, a text, true or false")
        }
        if case .text(let text) = value, text.hasPrefix("=") {
            let formula = String(text.dropFirst()).trimmed
            do { initial = .derived(formula, try Expression(formula)) } catch {
                throw bad("its default \"\(text)\": \(error.words)")
            }
            return
        }
        kind = kind ?? Self.natural(value)
        initial = .value(value)
        initial = .value(try checked(value))
    }

    private static func natural(_ value: ParameterValue) -> Kind {
        switch value {
        case .integer: .int
        case .number: .float
        case .text: .string
        case .truth: .bool
        }
    }

    private static func choices(
        _ json: JSON?, _ bad: (String) -> ParameterError
    ) throws(ParameterError) -> [String]? {
        guard let json else { return nil }
        let texts = (json.arrayValue ?? []).compactMap { ParameterValue($0)?.text }
        guard !texts.isEmpty, texts.count == json.arrayValue?.count else {
            throw bad("choices is to be a list of values")
        }
        return texts
    }

    private static func kind(
        _ json: JSON?, _ choices: [String]?, _ bad: (String) -> ParameterError
    ) throws(ParameterError) -> Kind? {
        let kind: Kind?
        switch json?.stringValue {
        case "int": kind = .int
        case "float": kind = .float
        case "string": kind = .string
        case "bool": kind = .bool
        case "choice":
            guard let choices else { throw bad("a choice needs choices: [a, b]") }
            return .choice(choices)
        case nil where json == nil: return choices.map { .choice($0) }
        default:
            throw bad("type is int, float, string, bool or choice, found \(json?.text ?? "")")
        }
        if choices != nil { throw bad("choices belong to the type choice") }
        return kind
    }

    private static func bound(
        _ key: String, _ object: JSONObject, _ bad: (String) -> ParameterError
    ) throws(ParameterError) -> Double? {
        guard let json = object[key] else { return nil }
        guard let number = json.doubleValue else { throw bad("\(key) is to be a number") }
        return number
    }

    /// What is expected, in words: `a whole number from 1 to 60`.
    var expected: String {
        switch kind {
        case .int: "a whole number" + range
        case .float: "a number" + range
        case .string: "a text"
        case .bool: "true or false"
        case .choice(let choices): choices.joined(separator: ", ")
        case nil: "a value"
        }
    }

    private var range: String {
        let ends = (minimum.map(Self.plain), maximum.map(Self.plain))
        return switch ends {
        case (let low?, let high?): " from \(low) to \(high)"
        case (let low?, nil): " of at least \(low)"
        case (nil, let high?): " of at most \(high)"
        case (nil, nil): ""
        }
    }

    private static func plain(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? number.description
    }

    /// The value in the parameter's kind.
    ///
    /// - Throws: `ParameterError.wrongValue`.
    func checked(_ value: ParameterValue) throws(ParameterError) -> ParameterValue {
        let wrong = ParameterError.wrongValue(name, expected: expected, found: value.text)
        var value = value
        switch (kind, value) {
        case (.float, .integer(let integer)): value = .number(Double(integer))
        case (.int, .integer), (.float, .number), (.bool, .truth), (.string, .text), (nil, _): break
        case (.choice(let choices), _): guard choices.contains(value.text) else { throw wrong }
        default: throw wrong
        }
        if let number = value.number {
            if let minimum, number < minimum { throw wrong }
            if let maximum, number > maximum { throw wrong }
        }
        return value
    }

    /// What somebody typed, in the parameter's kind.
    ///
    /// - Throws: `ParameterError.wrongValue`.
    func read(_ text: String) throws(ParameterError) -> ParameterValue {
        let integer = Int(text).map { ParameterValue.integer($0) }
        let number = Double(text).flatMap { $0.isFinite ? ParameterValue.number($0) : nil }
        let truth = ["true", "false"].contains(text) ? ParameterValue.truth(text == "true") : nil
        let value: ParameterValue? =
            switch kind {
            case .int: integer
            case .float: integer ?? number
            case .bool: truth
            case .string, .choice: .text(text)
            case nil: integer ?? number ?? truth ?? .text(text)
            }
        guard let value else { throw .wrongValue(name, expected: expected, found: text) }
        return try checked(value)
    }
}
