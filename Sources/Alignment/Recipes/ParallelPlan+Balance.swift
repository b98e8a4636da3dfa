import Autograd
import LanguageModels

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

    /// A share of the answers for each shard as ``shares(of:)`` gives it, with the answers to one prompt
    /// in one shard, which then reads the prompt once.
    ///
    /// Where there are fewer prompts than half of the shards, each prompt's answers are dealt out to as
    /// many shards as it takes: a prompt that is read twice costs less than a thread without work.
    ///
    /// - Parameter units: Answers that stay together whatever comes, such as the two of a pair.
    func shares(of units: [[TokenizedExample]]) -> [[Int]] {
        var families: [[Int]] = []
        var places: [[Int]: Int] = [:]
        for (row, unit) in units.enumerated() {
            let prompt = unit.first?.prompt ?? []
            if let place = places[prompt] {
                families[place].append(row)
            } else {
                if prompt.count >= PackedSequences.leastShared { places[prompt] = families.count }
                families.append([row])
            }
        }
        let pieces = (shards / 2 + families.count - 1) / max(1, families.count)
        let groups = families.flatMap { family in
            let count = min(max(1, pieces), family.count)
            return (0..<count).map { piece in
                Array(family[(family.count * piece / count)..<(family.count * (piece + 1) / count)])
            }
        }
        let lengths = groups.map { group in
            let answers = group.flatMap { units[$0] }
            return (answers.first?.prompt.count ?? 0)
                + answers.reduce(0) { $0 + $1.completion.count }
        }
        return shares(of: lengths).map { $0.flatMap { groups[$0] }.sorted() }
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

    /// Sequences of a part in ``parts(of:)``, however much they share: each has rows at the head.
    static let partSequences = 64

    /// The same for sequences of which some begin alike: those lie side by side in a part, so that what
    /// they have in common is read once. A long beginning that several share does not count against
    /// ``partTokens``.
    static func parts(of sequences: [[Int]]) -> [[Int]] {
        var parts: [(rows: [Int], tokens: Int)] = []
        var before: Int?
        for row in PackedSequences.order(of: sequences) {
            let count = sequences[row].count
            let shared =
                before.map { PackedSequences.sharedCount(sequences[$0], sequences[row]) } ?? 0
            before = row
            if let last = parts.indices.last, parts[last].rows.count < partSequences {
                let tokens = parts[last].tokens + count - shared
                let first = shared == 0 ? 0 : sequences[parts[last].rows[0]].count
                if tokens <= partTokens + first {
                    parts[last].rows.append(row)
                    parts[last].tokens = tokens
                    continue
                }
            }
            parts.append(([row], count))
        }
        return longestFirst(parts.map(\.tokens)).map { parts[$0].rows }
    }

    /// Computes something for every sequence, part by part; the results are in the order of the
    /// sequences.
    ///
    /// - Parameter body: Gets the places of a part and returns a result for each of them.
    func mapRows<Result>(of sequences: [[Int]], _ body: ([Int]) -> [Result]) -> [Result] {
        let parts = Self.parts(of: sequences)
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
