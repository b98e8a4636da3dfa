/// What can be wrong with an expression.
enum ExpressionError: Error, Equatable, Sendable {
    /// Something that cannot stand here; nothing where the text ends too early.
    case unexpected(String)
    case unknownName(String)
    case unknownFunction(String)
    case wrongCount(function: String, expected: String, found: Int)
    /// An operation on kinds it does not have.
    case wrongKinds(String, [String])
    case divisionByZero
    case outOfRange
    case tooDeep
}

/// A formula over parameters: `steps * 2`, `max(1, round(rows / 32))`, `name + "-" + mode`.
///
/// Whole and fractional numbers, texts in quotes, `true`, `false`; `+ - * / %`, comparisons,
/// parentheses, `min`, `max`, `round`. Whole numbers stay whole: also in a division that comes out
/// even, so that `steps / 2` can stand where a command wants a count. `+` joins texts. Nothing is
/// converted silently, and nothing can overflow into a wrong number.
indirect enum Expression: Equatable, Sendable {
    case value(ParameterValue)
    case name(String)
    case negative(Expression)
    case binary(String, Expression, Expression)
    case call(String, [Expression])

    /// Reads a formula.
    ///
    /// - Throws: `ExpressionError.unexpected`, `.unknownFunction`, `.tooDeep`.
    init(_ text: String) throws(ExpressionError) {
        var parser = ExpressionParser(text)
        self = try parser.wholeExpression()
    }

    /// The names that the formula reads, in the order they stand in it.
    var names: [String] {
        switch self {
        case .value: []
        case .name(let name): [name]
        case .negative(let operand): operand.names
        case .binary(_, let left, let right): left.names + right.names
        case .call(_, let arguments): arguments.flatMap(\.names)
        }
    }

    /// The value of the formula.
    ///
    /// - Throws: `ExpressionError`, but `.unexpected`.
    func value(_ values: [String: ParameterValue]) throws(ExpressionError) -> ParameterValue {
        switch self {
        case .value(let value): return value
        case .name(let name):
            guard let value = values[name] else { throw .unknownName(name) }
            return value
        case .negative(let operand):
            switch try operand.value(values) {
            case .integer(let integer):
                guard integer != Int.min else { throw .outOfRange }
                return .integer(-integer)
            case .number(let number): return .number(-number)
            case let other: throw .wrongKinds("-", [other.kind])
            }
        case .binary(let sign, let left, let right):
            let operands = (try left.value(values), try right.value(values))
            return try Arithmetic.binary(sign, operands.0, operands.1)
        case .call(let function, let arguments):
            var operands: [ParameterValue] = []
            for argument in arguments { operands.append(try argument.value(values)) }
            return try Arithmetic.call(function, operands)
        }
    }
}

/// What the signs and functions of expressions do.
private enum Arithmetic {
    static func binary(
        _ sign: String, _ left: ParameterValue, _ right: ParameterValue
    ) throws(ExpressionError) -> ParameterValue {
        switch (left, right) {
        case (.integer(let a), .integer(let b)): return try whole(sign, a, b)
        case (.text(let a), .text(let b)): return try texts(sign, a, b)
        case (.truth(let a), .truth(let b)):
            if sign == "==" { return .truth(a == b) }
            if sign == "!=" { return .truth(a != b) }
        default:
            if let a = left.number, let b = right.number { return try fractions(sign, a, b) }
        }
        throw .wrongKinds(sign, [left.kind, right.kind])
    }

    private static func whole(
        _ sign: String, _ a: Int, _ b: Int
    ) throws(ExpressionError) -> ParameterValue {
        let result: (partialValue: Int, overflow: Bool)
        switch sign {
        case "+": result = a.addingReportingOverflow(b)
        case "-": result = a.subtractingReportingOverflow(b)
        case "*": result = a.multipliedReportingOverflow(by: b)
        case "/", "%":
            if b == 0 { throw .divisionByZero }
            let rest = a.remainderReportingOverflow(dividingBy: b)
            if sign == "/", rest.partialValue != 0 { return .number(Double(a) / Double(b)) }
            result = sign == "/" ? a.dividedReportingOverflow(by: b) : rest
        default: return .truth(compare(sign, a, b))
        }
        if result.overflow { throw .outOfRange }
        return .integer(result.partialValue)
    }

    private static func fractions(
        _ sign: String, _ a: Double, _ b: Double
    ) throws(ExpressionError) -> ParameterValue {
        let result: Double
        switch sign {
        case "+": result = a + b
        case "-": result = a - b
        case "*": result = a * b
        case "/", "%":
            if b == 0 { throw .divisionByZero }
            result = sign == "/" ? a / b : a.truncatingRemainder(dividingBy: b)
        default: return .truth(compare(sign, a, b))
        }
        guard result.isFinite else { throw .outOfRange }
        return .number(result)
    }

    private static func texts(
        _ sign: String, _ a: String, _ b: String
    ) throws(ExpressionError) -> ParameterValue {
        switch sign {
        case "+": return .text(a + b)
        case "-", "*", "/", "%": throw .wrongKinds(sign, ["a text", "a text"])
        default: return .truth(compare(sign, a, b))
        }
    }

    private static func compare<Value: Comparable>(_ sign: String, _ a: Value, _ b: Value) -> Bool {
        switch sign {
        case "==": a == b
        case "!=": a != b
        case "<": a < b
        case "<=": a <= b
        case ">": a > b
        default: a >= b
        }
    }

    static func call(
        _ function: String, _ operands: [ParameterValue]
    ) throws(ExpressionError) -> ParameterValue {
        for operand in operands where operand.number == nil {
            throw .wrongKinds(function, [operand.kind])
        }
        if function == "round" {
            guard operands.count == 1 else {
                throw .wrongCount(function: function, expected: "one number", found: operands.count)
            }
            if case .integer = operands[0] { return operands[0] }
            let rounded = (operands[0].number ?? 0).rounded()
            guard let integer = Int(exactly: rounded) else { throw .outOfRange }
            return .integer(integer)
        }
        guard var best = operands.first, operands.count > 1 else {
            throw .wrongCount(
                function: function, expected: "two numbers or more", found: operands.count)
        }
        for operand in operands.dropFirst() {
            let (value, bestValue) = (operand.number ?? 0, best.number ?? 0)
            if function == "min" ? value < bestValue : value > bestValue { best = operand }
        }
        return best
    }
}
