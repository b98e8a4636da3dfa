/// Reads the text of an expression: comparisons bind least, then sums, products, signs.
struct ExpressionParser {
    private static let functions = ["min", "max", "round"]
    /// Deeper nesting than anybody writes; beyond it the stack would end.
    private static let deepest = 64

    private let characters: [Character]
    private var position = 0
    private var depth = 0

    init(_ text: String) { characters = Array(text) }

    mutating func wholeExpression() throws(ExpressionError) -> Expression {
        let expression = try comparison()
        if current != nil { throw unexpected() }
        return expression
    }

    /// The character that comes next, behind blanks.
    private var current: Character? {
        mutating get {
            while position < characters.count, characters[position].isWhitespace { position += 1 }
            return position < characters.count ? characters[position] : nil
        }
    }

    private func unexpected() -> ExpressionError {
        .unexpected(String(characters[min(position, characters.count)...]))
    }

    /// Takes the first of some signs that comes next.
    private mutating func take(_ signs: [String]) -> String? {
        guard current != nil else { return nil }
        for sign in signs where characters[position...].starts(with: sign) {
            position += sign.count
            return sign
        }
        return nil
    }

    private mutating func comparison() throws(ExpressionError) -> Expression {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { throw .tooDeep }
        let left = try sum()
        guard let sign = take(["==", "!=", "<=", ">=", "<", ">"]) else { return left }
        return .binary(sign, left, try sum())
    }

    private mutating func sum() throws(ExpressionError) -> Expression {
        var result = try product()
        while let sign = take(["+", "-"]) { result = .binary(sign, result, try product()) }
        return result
    }

    private mutating func product() throws(ExpressionError) -> Expression {
        var result = try signed()
        while let sign = take(["*", "/", "%"]) { result = .binary(sign, result, try signed()) }
        return result
    }

    private mutating func signed() throws(ExpressionError) -> Expression {
        var isNegative = false
        while take(["-"]) != nil { isNegative.toggle() }
        let operand = try operand()
        return isNegative ? .negative(operand) : operand
    }

    private mutating func operand() throws(ExpressionError) -> Expression {
        guard let first = current else { throw unexpected() }
        if first == "\"" || first == "'" { return .value(.text(try quoted(by: first))) }
        if first.isASCII, first.isNumber || first == "." { return try number() }
        if first.isASCII, first.isLetter || first == "_" { return try nameOrCall() }
        guard take(["("]) != nil else { throw unexpected() }
        let inside = try comparison()
        guard take([")"]) != nil else { throw unexpected() }
        return inside
    }

    private mutating func quoted(by mark: Character) throws(ExpressionError) -> String {
        let start = position + 1
        guard start <= characters.count, let end = characters[start...].firstIndex(of: mark) else {
            throw unexpected()
        }
        position = end + 1
        return String(characters[start..<end])
    }

    private mutating func number() throws(ExpressionError) -> Expression {
        let start = position
        while position < characters.count {
            let next = characters[position]
            let isExponentSign =
                (next == "-" || next == "+") && position > start
                && "eE".contains(characters[position - 1])
            guard next.isASCII, next.isNumber || ".eE".contains(next) || isExponentSign else {
                break
            }
            position += 1
        }
        let text = String(characters[start..<position])
        if let integer = Int(text) { return .value(.integer(integer)) }
        if text.allSatisfy(\.isNumber) { throw .outOfRange }
        guard let number = Double(text), number.isFinite else {
            position = start
            throw unexpected()
        }
        return .value(.number(number))
    }

    private mutating func nameOrCall() throws(ExpressionError) -> Expression {
        let start = position
        while position < characters.count, ParameterDeclaration.isNamePart(characters[position]) {
            position += 1
        }
        let name = String(characters[start..<position])
        if name == "true" || name == "false" { return .value(.truth(name == "true")) }
        guard take(["("]) != nil else { return .name(name) }
        guard Self.functions.contains(name) else { throw .unknownFunction(name) }
        var arguments: [Expression] = []
        if take([")"]) != nil { return .call(name, arguments) }
        repeat { arguments.append(try comparison()) } while take([","]) != nil
        guard take([")"]) != nil else { throw unexpected() }
        return .call(name, arguments)
    }
}
