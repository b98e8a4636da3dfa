/// Comparisons as they come from rows that may repeat them: the same pair in either order is kept once.
struct JoinedComparisons {
    private(set) var comparisons: [Comparison] = []
    /// The line of each comparison.
    private(set) var lines: [Int] = []
    private var positions: [ExactText: Int] = [:]

    /// Where a comparison is kept.
    ///
    /// A pair that is there already, in either order, is joined and counted as `repeated`; an id that
    /// was used for other texts or models is counted, and the pair gets an id of its own.
    ///
    /// - Returns: The position, and whether its left is the kept one's right.
    mutating func place(
        _ comparison: Comparison, line: Int, repeated: Reason?, tally: inout ReasonTally
    ) -> (position: Int, isSwapped: Bool) {
        guard let position = positions[ExactText(comparison.id)] else {
            positions[ExactText(comparison.id)] = comparisons.count
            comparisons.append(comparison)
            lines.append(line)
            return (comparisons.count - 1, false)
        }
        let other = comparisons[position]
        let isSame = other.shows(comparison)
        if isSame || other.shows(comparison.exchanged) {
            if let repeated { tally.add(repeated) }
            return (position, !isSame)
        }
        tally.add(.reusedPairID)
        // Ends here: two comparisons with one derived id show the same.
        return place(comparison.renamed, line: line, repeated: repeated, tally: &tally)
    }
}

extension Comparison {
    /// The same pair with its sides exchanged. An id of its own stays, one from the texts is made anew.
    var exchanged: Comparison {
        Comparison(
            prompt: prompt, left: right, right: left, id: id == derivedID ? nil : id,
            promptID: promptID, leftModel: rightModel, rightModel: leftModel)
    }

    /// The same pair under an id made of all that it shows.
    fileprivate var renamed: Comparison {
        let models = [leftModel, rightModel].compactMap { $0 }
        let key = (models + [prompt]).joined(separator: " ")
        return Comparison(
            prompt: prompt, left: left, right: right,
            id: Comparison.derivedID(prompt: key, left: left, right: right), promptID: promptID,
            leftModel: leftModel, rightModel: rightModel)
    }

    /// Whether the other one has the same texts of the same models on the same sides.
    fileprivate func shows(_ other: Comparison) -> Bool {
        ExactText(prompt) == ExactText(other.prompt) && ExactText(left) == ExactText(other.left)
            && ExactText(right) == ExactText(other.right) && leftModel == other.leftModel
            && rightModel == other.rightModel
    }
}
