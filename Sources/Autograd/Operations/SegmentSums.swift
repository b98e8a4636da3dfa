extension Tensor {
    /// The sum of each run of neighbouring elements: log-probabilities of tokens to those of sequences.
    ///
    /// - Parameter counts: Elements of each segment, in order; they add up to `count`. An empty
    ///   segment sums to 0.
    /// - Returns: `[counts.count]`.
    public func sums(ofSegments counts: [Int]) -> Tensor {
        precondition(
            counts.reduce(0, +) == count,
            "sums(ofSegments:): segments of \(counts.reduce(0, +)) elements for the shape \(shape)")
        let result = Tensor(uninitialized: Shape(counts.count))
        var start = 0
        for (segment, length) in counts.enumerated() {
            var total = 0.0
            for i in start..<(start + length) { unsafe total += Double(pointer[i]) }
            unsafe result.pointer[segment] = Float(total)
            start += length
        }
        guard let tape else { return result }
        return tape.record(result, .segmentSums(SegmentSumsPullback(x: self, counts: counts)))
    }
}

struct SegmentSumsPullback {
    let x: Tensor
    let counts: [Int]

    func send(_ gradient: Tensor) {
        x.contribute { target, isFresh in
            var start = 0
            for (segment, length) in counts.enumerated() {
                for i in start..<(start + length) {
                    let d = unsafe gradient.pointer[segment]
                    unsafe target.pointer[i] = isFresh ? d : target.pointer[i] + d
                }
                start += length
            }
        }
    }
}
