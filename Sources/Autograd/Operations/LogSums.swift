import Glibc

extension Tensor {
    /// log Σ eˣ of each run of neighbouring elements, without overflow: the denominator of a choice
    /// among some.
    ///
    /// - Parameter counts: Elements of each segment, in order, none of them 0; they add up to `count`.
    /// - Returns: `[counts.count]`.
    public func logSums(ofSegments counts: [Int]) -> Tensor {
        precondition(
            counts.reduce(0, +) == count && !counts.contains(0),
            "logSums(ofSegments:): segments \(counts) for the shape \(shape)")
        let result = Tensor(uninitialized: Shape(counts.count))
        var start = 0
        for (segment, length) in counts.enumerated() {
            var highest = -Float.infinity
            for i in start..<(start + length) { unsafe highest = Swift.max(highest, pointer[i]) }
            var total = 0.0
            for i in start..<(start + length) { unsafe total += exp(Double(pointer[i] - highest)) }
            unsafe result.pointer[segment] = highest + Float(log(total))
            start += length
        }
        guard let tape else { return result }
        return tape.record(
            result, .logSums(LogSumsPullback(x: self, counts: counts, result: result)))
    }
}

struct LogSumsPullback {
    let x: Tensor
    let counts: [Int]
    let result: Tensor

    func send(_ gradient: Tensor) {
        x.contribute { target, isFresh in
            var start = 0
            for (segment, length) in counts.enumerated() {
                for i in start..<(start + length) {
                    let share = unsafe exp(x.pointer[i] - result.pointer[segment])
                    let d = unsafe gradient.pointer[segment] * share
                    unsafe target.pointer[i] = isFresh ? d : target.pointer[i] + d
                }
                start += length
            }
        }
    }
}
