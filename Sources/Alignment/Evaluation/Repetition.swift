/// How much of the answers is said twice: the mean over answers of 1 − different n-grams / n-grams
/// within the answer.
///
/// Welleck et al. 2019, "Neural Text Generation with Unlikelihood Training" (arXiv:1908.04319),
/// `seq-rep-n`. Unlike distinct-n it looks inside one answer at a time, so it does not grow with the
/// number of answers.
///
/// - Parameters:
///   - length: n, 4 in the paper.
///   - completions: Tokens, one array a completion.
/// - Returns: 0 where nothing repeats; NaN where no completion has n tokens.
public func repetitionRate(_ length: Int, in completions: [[Int]]) -> Double {
    precondition(length > 0, "repetition: n is \(length)")
    var sum = 0.0
    var counted = 0
    for completion in completions where completion.count >= length {
        let count = completion.count - length + 1
        var seen: Set<ArraySlice<Int>> = []
        for start in 0..<count { seen.insert(completion[start..<(start + length)]) }
        sum += 1 - Double(seen.count) / Double(count)
        counted += 1
    }
    return sum / Double(counted)
}

/// The share of answers that stand word for word among known texts, such as the demonstrations a
/// model was trained on; white space at the ends does not count.
///
/// - Returns: NaN of no answers.
public func copiedShare(_ answers: [String], from known: [String]) -> Double {
    func key(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)[...]
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        while let first = bytes.first, isBlank(first) { bytes.removeFirst() }
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return Array(bytes)
    }
    let texts = Set(known.map(key))
    return Double(answers.count { texts.contains(key($0)) }) / Double(answers.count)
}
