import Testing

/// The largest difference between two lists, relative to the larger of 1 and the largest expected
/// magnitude; infinite where one is not finite or the counts differ.
func largestError(_ found: [Float], _ expected: [Float]) -> Double {
    guard found.count == expected.count else { return .infinity }
    let magnitude = expected.reduce(1) { max($0, Double(abs($1))) }
    var worst = 0.0
    for (a, b) in zip(found, expected) {
        let error = abs(Double(a) - Double(b)) / magnitude
        worst = error.isNaN ? .infinity : max(worst, error)
    }
    return worst
}

/// Checks that two lists agree, see ``largestError(_:_:)``.
func expectClose(
    _ found: [Float], _ expected: [Float], within tolerance: Double = 1e-6, _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let error = largestError(found, expected)
    #expect(error <= tolerance, "\(what) differs by \(error)", sourceLocation: sourceLocation)
}

/// Whether no value is infinite or not a number.
func areFinite(_ values: [Float]) -> Bool { values.allSatisfy { $0.isFinite } }
