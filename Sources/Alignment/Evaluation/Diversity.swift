// Distinct-n: Jiwei Li et al. 2016, "A Diversity-Promoting Objective Function for Neural
// Conversation Models" (arXiv:1510.03055).

/// How many different completions there are among some, compared token by token.
public func distinctCount(_ completions: [[Int]]) -> Int {
    Set(completions).count
}

/// Different completions / completions; 1 when no two are the same, NaN of none.
public func distinctShare(_ completions: [[Int]]) -> Double {
    Double(distinctCount(completions)) / Double(completions.count)
}

/// Different n-grams / n-grams over all completions: low where phrases repeat.
///
/// Falls as more text is counted, so compare equal amounts only.
///
/// - Parameters:
///   - length: n, at least 1.
///   - completions: Tokens, one array a completion; n-grams do not cross their ends.
/// - Returns: NaN where no completion has n tokens.
public func distinctNGramShare(_ length: Int, in completions: [[Int]]) -> Double {
    precondition(length > 0, "distinct-n: n is \(length)")
    var seen: Set<ArraySlice<Int>> = []
    var count = 0
    for completion in completions where completion.count >= length {
        for start in 0...(completion.count - length) {
            seen.insert(completion[start..<(start + length)])
            count += 1
        }
    }
    return Double(seen.count) / Double(count)
}
