import CVectorMath

/// Sets to 0 the weights that are not drawn from: all but the `topK` largest, and of these all but the
/// fewest largest that together have `topP` of their sum. Of equal weights the first stay.
///
/// Nothing is sorted: what can be among the kept is gathered, and the smallest of the kept found
/// there by Hoare's selection.
///
/// - Parameters:
///   - total: The sum of all weights.
///   - topK: 0 for no such limit.
///   - topP: 1 or more for no such limit.
///   - scratch: Room for `count` numbers.
/// - Returns: The sum of the weights that are left.
func cutTail(
    _ weights: Floats, _ count: Int, total: Float, topK: Int, topP: Float, scratch: Floats
) -> Float {
    let cutsByRank = topK > 0 && topK < count
    guard cutsByRank || topP < 1 else { return total }
    var limit: Float = 0
    // All weights below this limit together are less than what the nucleus leaves out.
    if topP < 1 && !cutsByRank { limit = (1 - topP) * total / Float(2 * count) }
    if cutsByRank { limit = unsafe rankLimit(weights, count, topK, scratch: scratch) }
    var kept = unsafe gather(weights, count, notBelow: limit, into: scratch)
    if cutsByRank {
        let rank = min(topK, kept)
        unsafe moveLargestToFront(scratch, kept, rank)
        kept = rank
    }
    if topP < 1 {
        let sum = unsafe cutsByRank ? sum(scratch, kept) : total
        kept = unsafe moveNucleusToFront(scratch, kept, goal: topP * sum)
    }
    if kept == 0 { return 0 }
    let smallest = unsafe scratch[kept - 1]
    var equal = 0
    for i in 0..<kept where unsafe scratch[i] == smallest { equal += 1 }
    return unsafe removeBelow(weights, count, smallest, keepingEqual: equal)
}

/// A number that at least `rank` elements reach: the largest element of each of a few times `rank`
/// pieces is one of them.
private func rankLimit(_ x: Floats, _ count: Int, _ rank: Int, scratch: Floats) -> Float {
    let length = max(1, count / (4 * rank))
    var pieces = 0
    for start in stride(from: 0, to: count, by: length) {
        unsafe scratch[pieces] = largest(x + start, min(length, count - start))
        pieces += 1
    }
    unsafe moveLargestToFront(scratch, pieces, rank)
    return unsafe scratch[rank - 1]
}

/// Copies the elements that are not below a limit; returns how many they are.
private func gather(_ x: Floats, _ count: Int, notBelow limit: Float, into y: Floats) -> Int {
    var kept = 0
    for i in 0..<count {
        // Without a branch: which elements reach the limit cannot be foreseen.
        unsafe y[kept] = x[i]
        unsafe kept += x[i] < limit ? 0 : 1
    }
    return kept
}

/// Puts the `rank` largest elements first, the smallest of them last, by Hoare's selection.
func moveLargestToFront(_ x: Floats, _ count: Int, _ rank: Int) {
    var low = 0
    var high = count - 1
    while low < high {
        let (end, start) = unsafe partition(x, low, high)
        if rank - 1 <= end {
            high = end
        } else if rank - 1 >= start {
            low = start
        } else {
            return
        }
    }
}

/// Puts the fewest largest elements first that together reach `goal`, the smallest of them last.
///
/// - Returns: How many they are; all where rounding keeps the sum below the goal.
private func moveNucleusToFront(_ x: Floats, _ count: Int, goal: Float) -> Int {
    var low = 0
    var high = count - 1
    var before: Float = 0
    while low < high {
        let (end, start) = unsafe partition(x, low, high)
        let upper = unsafe sum(x + low, max(0, end + 1 - low))
        if end >= low && before + upper >= goal {
            high = end
            continue
        }
        before += upper
        // Between the two parts stands at most one, the pivot.
        if start - end == 2 {
            unsafe before += x[end + 1]
            if before >= goal { return end + 2 }
        }
        low = start
    }
    return min(low, high) + 1
}

/// Reorders `x[low...high]` so that what stands up to `end` is at least as large as what stands from
/// `start` on; between them is the pivot or nothing.
private func partition(_ x: Floats, _ low: Int, _ high: Int) -> (end: Int, start: Int) {
    let pivot = unsafe x[(low + high) / 2]
    var i = low
    var j = high
    while i <= j {
        while unsafe x[i] > pivot { i += 1 }
        while unsafe x[j] < pivot { j -= 1 }
        if i <= j {
            unsafe (x[i], x[j]) = (x[j], x[i])
            i += 1
            j -= 1
        }
    }
    return (j, i)
}

private func sum(_ x: Floats, _ count: Int) -> Float {
    let whole = count & ~15
    var lanes = Lanes()
    for i in stride(from: 0, to: whole, by: 16) { unsafe lanes += load(x, i) }
    var total = vector_sum(lanes)
    for i in whole..<count { unsafe total += x[i] }
    return total
}

/// Sets to 0 what is below a limit, and what equals it but for the first few; returns the sum of the
/// rest.
private func removeBelow(_ x: Floats, _ count: Int, _ limit: Float, keepingEqual kept: Int) -> Float
{
    var surplus = -kept
    for i in 0..<count {
        let value = unsafe x[i]
        unsafe x[i] = value < limit ? 0 : value
        surplus += value == limit ? 1 : 0
    }
    var last = count
    while surplus > 0 && last > 0 {
        last -= 1
        if unsafe x[last] == limit {
            unsafe x[last] = 0
            surplus -= 1
        }
    }
    return unsafe sum(x, count)
}
