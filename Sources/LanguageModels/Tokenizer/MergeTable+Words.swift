extension MergeTable {
    /// Applies merges to the tokens of one word: always the lowest rank next, leftmost first.
    func apply(to tokens: inout [Int32]) {
        if tokens.count <= 48 {
            applyByScanning(&tokens)
        } else {
            applyByQueue(&tokens)
        }
    }

    /// For the usual short word, a scan for the lowest rank beats any queue.
    private func applyByScanning(_ tokens: inout [Int32]) {
        guard tokens.count > 1 else { return }
        let none = Merge(rank: .max, result: 0)
        var merges = (1..<tokens.count).map { merge(tokens[$0 - 1], tokens[$0]) ?? none }
        while true {
            var best = -1
            var lowest = Int32.max
            for index in merges.indices where merges[index].rank < lowest {
                lowest = merges[index].rank
                best = index
            }
            guard best >= 0 else { return }
            tokens[best] = merges[best].result
            tokens.remove(at: best + 1)
            merges.remove(at: best)
            if best > 0 { merges[best - 1] = merge(tokens[best - 1], tokens[best]) ?? none }
            if best < merges.count { merges[best] = merge(tokens[best], tokens[best + 1]) ?? none }
        }
    }

    /// A merge that may be applied at a place, unless the place has changed by then.
    private struct Candidate: Comparable {
        var rank: Int32
        var place: Int32
        var result: Int32

        static func < (left: Candidate, right: Candidate) -> Bool {
            left.rank != right.rank ? left.rank < right.rank : left.place < right.place
        }
    }

    /// For words of any length, in n log n: a linked list of tokens and a queue of candidates.
    private func applyByQueue(_ tokens: inout [Int32]) {
        let removed: Int32 = -1
        let count = Int32(tokens.count)
        var previous = (0..<count).map { $0 - 1 }
        var next = (0..<count).map { $0 + 1 }
        var queue = BinaryHeap<Candidate>()
        func enqueue(_ place: Int32) {
            guard place >= 0, next[Int(place)] < count,
                let merge = merge(tokens[Int(place)], tokens[Int(next[Int(place)])])
            else { return }
            queue.insert(Candidate(rank: merge.rank, place: place, result: merge.result))
        }
        for place in 0..<count { enqueue(place) }
        while let candidate = queue.popSmallest() {
            let place = Int(candidate.place)
            guard tokens[place] != removed, next[place] < count else { continue }
            let right = Int(next[place])
            let current = merge(tokens[place], tokens[right])
            guard current?.rank == candidate.rank else { continue }
            tokens[place] = candidate.result
            tokens[right] = removed
            next[place] = next[right]
            if next[place] < count { previous[Int(next[place])] = candidate.place }
            enqueue(previous[place])
            enqueue(candidate.place)
        }
        tokens.removeAll { $0 == removed }
    }
}
