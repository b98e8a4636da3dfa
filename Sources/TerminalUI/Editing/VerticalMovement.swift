/// Where the cursor goes in the line above or below, in a text of several lines; nil where there is
/// none. Positions count Unicode scalars.
func verticalTarget(in text: String, cursor: Int, isUp: Bool) -> Int? {
    let scalars = Array(text.unicodeScalars)
    let cursor = min(max(0, cursor), scalars.count)
    let starts = [0] + scalars.indices.filter { scalars[$0] == "\n" }.map { $0 + 1 }
    let row = starts.lastIndex { $0 <= cursor } ?? 0
    let target = isUp ? row - 1 : row + 1
    guard starts.indices.contains(target) else { return nil }
    let end = target + 1 < starts.count ? starts[target + 1] - 1 : scalars.count
    return min(starts[target] + cursor - starts[row], end)
}
