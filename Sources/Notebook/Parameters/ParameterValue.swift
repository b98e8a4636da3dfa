import OrderedJSON

/// The value of a parameter: what `${name}` becomes in a cell.
enum ParameterValue: Equatable, Sendable {
    case integer(Int)
    case number(Double)
    case text(String)
    case truth(Bool)

    /// A scalar of a document; nil for lists, mappings and nothing.
    init?(_ json: JSON) {
        switch json {
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .string(let text): self = .text(text)
        case .bool(let truth): self = .truth(truth)
        case .null, .array, .object: return nil
        }
    }

    /// As it stands in a cell: `60`, `0.0003`, `true`, a text without quotes.
    var text: String {
        if case .text(let text) = self { text } else { json.text }
    }

    var json: JSON {
        switch self {
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .text(let text): .string(text)
        case .truth(let truth): .bool(truth)
        }
    }

    /// The number, whole ones included.
    var number: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .text, .truth: nil
        }
    }

    /// The kind in words, for messages.
    var kind: String {
        switch self {
        case .integer: "a whole number"
        case .number: "a number"
        case .text: "a text"
        case .truth: "true or false"
        }
    }
}
