/// The place of the largest element, the first where several are.
func indexOfLargest(_ x: Floats, _ count: Int) -> Int {
    let highest = unsafe largest(x, count)
    for i in 0..<count where unsafe x[i] == highest { return i }
    return 0
}

/// Where the exponential ends: what has this weight or less has underflowed and is never drawn.
private let underflow: Float = 2e-38

/// The first index at which the running sum of `weights` exceeds `target`: sums of blocks first, then
/// the elements of one block. The last element with any weight when rounding leaves a crumb.
func indexAtCumulative(_ weights: Floats, _ count: Int, target: Float) -> Int {
    let block = 64
    var rest = target
    var start = 0
    while start + block < count {
        var sum = Lanes()
        for i in stride(from: start, to: start + block, by: 16) { unsafe sum += load(weights, i) }
        let total = sum.sum()
        if rest < total { break }
        rest -= total
        start += block
    }
    for i in start..<count where unsafe weights[i] > underflow {
        unsafe rest -= weights[i]
        if rest < 0 { return i }
    }
    return (0..<count).last { unsafe weights[$0] > underflow } ?? 0
}
