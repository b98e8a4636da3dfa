/// Which name somebody meant who typed another.
enum Suggestion {
    /// The name nearest to a misspelt word, nil when none is near enough to be worth a question.
    ///
    /// One slip in three characters is forgiven, where a slip is a character too many, missing,
    /// wrong, or swapped with its neighbour; so is a beginning that only one name has.
    static func nearest(to word: String, among names: [String]) -> String? {
        let begun = names.filter { $0.hasPrefix(word) }
        if word.count > 1, begun.count == 1 { return begun[0] }
        let near = names.map { (name: $0, slips: slips(from: word, to: $0)) }
            .filter { $0.slips <= max(1, min(word.count, $0.name.count) / 3) }
        return near.min { $0.slips < $1.slips }?.name
    }

    /// The distance of Damerau and Levenshtein, in the form that touches no place twice.
    static func slips(from first: String, to second: String) -> Int {
        let first = Array(first.lowercased())
        let second = Array(second.lowercased())
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for row in first.indices {
            var current = [row + 1]
            for column in second.indices {
                let isSame = first[row] == second[column]
                var best = min(
                    last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, first[row] == second[column - 1],
                    first[row - 1] == second[column]
                {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[second.count]
    }
}
