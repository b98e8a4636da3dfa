/// Learns merges one after the other; the state between two of them.
struct BytePairTrainer {
    /// Tokens by id, as bytes.
    private(set) var vocabulary: ByteTable
    private(set) var merges: [TokenPair] = []

    /// The tokens of each word, which get fewer as they merge.
    private var words: [[Int32]]
    private let wordCounts: [Int]
    private let minimumFrequency: Int
    private var pairCounts: [TokenPair: Int] = [:]
    private var queue = BinaryHeap<Candidate>()

    /// A pair to merge, with the words where it was met when it was put into the queue.
    private struct Candidate: Comparable {
        var count: Int
        var pair: TokenPair
        var words: [Int32]

        /// Smaller comes out of the queue first: met more often, then the smaller ids.
        static func < (left: Candidate, right: Candidate) -> Bool {
            if left.count != right.count { return left.count > right.count }
            if left.pair.left != right.pair.left { return left.pair.left < right.pair.left }
            return left.pair.right < right.pair.right
        }

        static func == (left: Candidate, right: Candidate) -> Bool {
            left.count == right.count && left.pair == right.pair
        }
    }

    /// New pairs of one step, in the order in which they were met.
    private struct NewPairs {
        var order: [TokenPair] = []
        var words: [TokenPair: [Int32]] = [:]

        mutating func add(_ pair: TokenPair, word: Int32) {
            if words[pair] == nil { order.append(pair) }
            if words[pair]?.last != word { words[pair, default: []].append(word) }
        }
    }

    init?(
        words counted: (table: ByteTable, counts: [Int])?, vocabulary: ByteTable,
        minimumFrequency: Int
    ) {
        guard let counted else { return nil }
        self.vocabulary = vocabulary
        self.minimumFrequency = minimumFrequency
        wordCounts = counted.counts
        let byteIDs = (0...255).map { (byte: UInt8) in
            Int32(vocabulary.index(of: [byte].span) ?? 0)
        }
        words = counted.counts.indices.map { index in
            counted.table.bytes(at: index).map { byteIDs[Int($0)] }
        }
        var found = NewPairs()
        for (index, word) in words.enumerated() {
            for place in word.indices.dropFirst() {
                let pair = TokenPair(left: word[place - 1], right: word[place])
                pairCounts[pair, default: 0] += wordCounts[index]
                found.add(pair, word: Int32(index))
            }
        }
        enqueue(found)
    }

    private mutating func enqueue(_ found: NewPairs) {
        for pair in found.order {
            guard let count = pairCounts[pair], count > 0, let words = found.words[pair] else {
                continue
            }
            queue.insert(Candidate(count: count, pair: pair, words: words))
        }
    }

    /// Merges the pair that is met most often; false when none is met often enough.
    mutating func mergeNextPair() -> Bool {
        while var candidate = queue.popSmallest() {
            let count = pairCounts[candidate.pair, default: 0]
            if count != candidate.count {
                // Merges since then took some of its places away.
                candidate.count = count
                if count > 0 { queue.insert(candidate) }
                continue
            }
            guard count >= max(minimumFrequency, 1) else { return false }
            merge(candidate)
            return true
        }
        return false
    }

    private mutating func merge(_ candidate: Candidate) {
        let pair = candidate.pair
        let bytes = vocabulary.bytes(at: Int(pair.left)) + vocabulary.bytes(at: Int(pair.right))
        // Learned tokens are all different: a text between two borders is cut in the same way
        // wherever it stands. Only a special token may be there already, and keeps its id.
        let result = Int32(vocabulary.insert(Array(bytes).span).index)
        merges.append(pair)
        var found = NewPairs()
        for index in candidate.words {
            let weight = wordCounts[Int(index)]
            Self.merge(pair, into: result, word: &words[Int(index)]) { changed, sign in
                pairCounts[changed, default: 0] += sign * weight
                if sign > 0 { found.add(changed, word: index) }
            }
        }
        enqueue(found)
    }

    /// Replaces a pair in one word, from the left, and reports the pairs that go and come.
    private static func merge(
        _ pair: TokenPair, into result: Int32, word: inout [Int32],
        change: (TokenPair, _ sign: Int) -> Void
    ) {
        var kept = 0
        var place = 0
        while place < word.count {
            let isPair =
                word[place] == pair.left && place + 1 < word.count && word[place + 1] == pair.right
            guard isPair else {
                word[kept] = word[place]
                kept += 1
                place += 1
                continue
            }
            if kept > 0 {
                change(TokenPair(left: word[kept - 1], right: pair.left), -1)
                change(TokenPair(left: word[kept - 1], right: result), 1)
            }
            word[kept] = result
            kept += 1
            place += 2
            if place < word.count {
                change(TokenPair(left: pair.right, right: word[place]), -1)
                change(TokenPair(left: result, right: word[place]), 1)
            }
        }
        word.removeLast(word.count - kept)
    }
}
