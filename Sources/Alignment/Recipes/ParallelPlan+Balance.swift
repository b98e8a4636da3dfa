import Autograd

// Batches are packed without padding, so work is counted in tokens. How it is cut depends on the lengths
// and the shards alone, never on the threads.

extension ParallelPlan {
    /// Tokens of a part in ``parts(of:)``: enough for quick products, few enough to stay in cache.
    static let partTokens = 256

    /// A share of the rows for each shard, with about as many tokens in each: the longest first, each
    /// to the shard that has the fewest by then.
    ///
    /// - Parameter lengths: Tokens of each row.
    /// - Returns: The rows of each shard, ascending; a shard has none when there are too few.
    func shares(of lengths: [Int]) -> [[Int]] {
        var shares = [[Int]](repeating: [], count: shards)
        var loads = [Int](repeating: 0, count: shards)
        for row in Self.longestFirst(lengths) {
            let shard = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            shares[shard].append(row)
            loads[shard] += max(1, lengths[row])
        }
        return shares.map { $0.sorted() }
    }

    /// The rows in parts of about ``partTokens`` tokens, the longest first, for work that needs no
    /// gradient.
    static func parts(of lengths: [Int]) -> [[Int]] {
        var parts: [[Int]] = []
        var tokens = 0
        for row in longestFirst(lengths) {
            if parts.isEmpty || tokens + lengths[row] > partTokens {
                parts.append([])
                tokens = 0
            }
            parts[parts.count - 1].append(row)
            tokens += lengths[row]
        }
        return parts
    }

    /// Computes something for every row, part by part; the results are in the order of the rows.
    ///
    /// - Parameter body: Gets the rows of a part and returns a result for each of them.
    func mapRows<Result>(lengths: [Int], _ body: ([Int]) -> [Result]) -> [Result] {
        let parts = Self.parts(of: lengths)
        let results = map(parts.count) { body(parts[$0]) }
        return Self.inOrder(parts, results)
    }

    /// What was computed for the rows of several shares or parts, in the order of the rows.
    static func inOrder<Result>(_ parts: [[Int]], _ results: [[Result]]) -> [Result] {
        zip(parts.joined(), results.joined()).sorted { $0.0 < $1.0 }.map(\.1)
    }

    private static func longestFirst(_ lengths: [Int]) -> [Int] {
        lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    }
}
