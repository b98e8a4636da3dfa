import OrderedJSON

/// What a tutorial promises about a figure that a cell shows: `accuracy: ">= 0.70"`.
///
/// A condition is `>=`, `<=`, `>`, `<`, `==` or `!=` and a number, a range `0.5..0.7` with both
/// ends inside, or a plain value that must be met exactly.
struct Expectation: Equatable, Sendable {
    enum Condition: Equatable, Sendable {
        case atLeast(Double), atMost(Double), above(Double), below(Double)
        case equal(JSON), notEqual(JSON)
        case within(Double, Double)
    }

    var name: String
    /// The condition as it was written.
    var text: String
    var condition: Condition

    /// Reads a condition; nil when it is none.
    init?(name: String, json: JSON) {
        self.name = name
        guard let text = json.stringValue else {
            guard json.arrayValue == nil, json.objectValue == nil, !json.isNull else { return nil }
            self.text = json.text
            condition = .equal(json)
            return
        }
        self.text = text
        guard let condition = Self.condition(text) else { return nil }
        self.condition = condition
    }

    private static func condition(_ text: String) -> Condition? {
        for sign in [">=", "<=", "==", "!=", ">", "<"] where text.hasPrefix(sign) {
            let rest = String(text.dropFirst(sign.count)).trimmed
            guard let number = Double(rest), number.isFinite else {
                return switch sign {
                case "==" where !rest.isEmpty: .equal(.string(rest))
                case "!=" where !rest.isEmpty: .notEqual(.string(rest))
                default: nil
                }
            }
            return switch sign {
            case ">=": .atLeast(number)
            case "<=": .atMost(number)
            case ">": .above(number)
            case "<": .below(number)
            case "==": .equal(.number(number))
            default: .notEqual(.number(number))
            }
        }
        if let dots = text.range(of: "..") {
            let low = Double(String(text[..<dots.lowerBound]).trimmed)
            let high = Double(String(text[dots.upperBound...]).trimmed)
            if let low, let high { return low <= high ? .within(low, high) : nil }
        }
        return text.isEmpty ? nil : .equal(.string(text))
    }

    /// Whether a figure keeps the promise. A figure of another kind, or NaN, does not.
    func isMet(by value: JSON) -> Bool {
        switch condition {
        case .equal(let expected): Self.areSame(expected, value)
        case .notEqual(let expected):
            (expected.doubleValue == nil) == (value.doubleValue == nil) && !value.isNull
                && value.doubleValue?.isNaN != true && !Self.areSame(expected, value)
        case .atLeast(let bound): value.doubleValue.map { $0 >= bound } ?? false
        case .atMost(let bound): value.doubleValue.map { $0 <= bound } ?? false
        case .above(let bound): value.doubleValue.map { $0 > bound } ?? false
        case .below(let bound): value.doubleValue.map { $0 < bound } ?? false
        case .within(let low, let high):
            value.doubleValue.map { $0 >= low && $0 <= high } ?? false
        }
    }

    private static func areSame(_ expected: JSON, _ value: JSON) -> Bool {
        if let expected = expected.doubleValue { return value.doubleValue == expected }
        return expected == value
    }
}

extension String {
    /// Where `part` stands first.
    fileprivate func range(of part: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) {
                return start..<index(start, offsetBy: part.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
