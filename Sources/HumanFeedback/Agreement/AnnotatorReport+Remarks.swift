import Glibc

/// Which of an annotator's figures are remarkable beside the others'.
///
/// Tests are exact; a remark needs p < 0.01 over the number of annotators (Bonferroni) and a
/// difference that matters by itself, so that many votes do not make a trifle remarkable.
extension AnnotatorReport {
    func remarks(
        comparedWith others: [AnnotatorReport], isOrderShuffled: Bool
    ) -> [AnnotatorRemark] {
        let level = 0.01 / Double(others.count + 1)
        var remarks: [AnnotatorRemark] = []
        if let remark = disagreement(others, level: level) { remarks.append(remark) }
        if let remark = place(others, level: level, isOrderShuffled) { remarks.append(remark) }
        if let remark = haste(others) { remarks.append(remark) }
        if let gold, gold.probabilityBelowThreshold > 0.95 { remarks.append(.failsGold(gold)) }
        let same = consistency.same
        if same.count >= 5, let value = same.value, value < 0.6 {
            remarks.append(.inconsistent(consistency))
        }
        if let remark = length(others, level: level) { remarks.append(remark) }
        return remarks
    }

    /// Votes that prefer what the others prefer, among votes where both prefer a side.
    private var withDecided: Share {
        let same = confusion[0][0] + confusion[1][1]
        return Share(same, of: same + confusion[0][1] + confusion[1][0])
    }

    private func disagreement(
        _ others: [AnnotatorReport], level: Double
    ) -> AnnotatorRemark? {
        let decided = withDecided
        let decidedP = Distributions.binomialLower(
            hits: decided.hits, trials: decided.count, probability: 0.5)
        // With one other annotator nobody can say who of the two has it the other way round.
        if others.count > 1, let value = decided.value, value < 0.4, decidedP < level {
            return .reversed(agreement: decided)
        }
        let rest = Self.sum(others.map(\.withOthers))
        guard others.count > 1, let value = withOthers.value, let usual = rest.value,
            value < usual - 0.05
        else { return nil }
        let p = Distributions.binomialLower(
            hits: withOthers.hits, trials: withOthers.count, probability: min(usual, 1 - 1e-9))
        return p < level ? .agreesLess(agreement: withOthers, others: rest) : nil
    }

    private func place(
        _ others: [AnnotatorReport], level: Double, _ isOrderShuffled: Bool
    ) -> AnnotatorRemark? {
        guard let value = first.value, firstP < level, abs(value - 0.5) > 0.1 else { return nil }
        if !isOrderShuffled {
            // Everybody saw the same side first, so a better left answer looks like a bias.
            guard let usual = Self.sum(others.map(\.first)).value, abs(value - usual) > 0.2 else {
                return nil
            }
        }
        return .favoursPlace(first: first, p: firstP)
    }

    /// Faster than anybody reads; or, without texts, far faster than the others: below the median
    /// of the logarithms by 2.5 times their median deviation and by half.
    private func haste(_ others: [AnnotatorReport]) -> AnnotatorRemark? {
        if let wordsPerMinute {
            return wordsPerMinute > AnnotatorMeasures.fastestReading
                ? .tooFast(wordsPerMinute: wordsPerMinute) : nil
        }
        let times = others.compactMap(\.seconds).filter { $0 > 0 }
        guard let seconds, seconds > 0, times.count >= 3,
            let middle = Distributions.median(times)
        else { return nil }
        let deviations = times.map { abs(log2($0 / middle)) }
        let spread = 1.4826 * (Distributions.median(deviations) ?? 0)
        let isOut = log2(seconds / middle) < -2.5 * spread && seconds < middle / 2
        return isOut ? .fasterThanOthers(seconds: seconds, others: middle) : nil
    }

    private func length(_ others: [AnnotatorReport], level: Double) -> AnnotatorRemark? {
        let rest = Self.sum(others.map(\.longer))
        guard others.count > 1, let value = longer.value, let usual = rest.value,
            value > usual + 0.1
        else { return nil }
        // As many misses or fewer than by chance: the upper tail.
        let p = Distributions.binomialLower(
            hits: longer.count - longer.hits, trials: longer.count,
            probability: min(max(1 - usual, 1e-9), 1 - 1e-9))
        return p < level ? .favoursLength(longer: longer, others: rest) : nil
    }

    private static func sum(_ shares: [Share]) -> Share {
        Share(shares.reduce(0) { $0 + $1.hits }, of: shares.reduce(0) { $0 + $1.count })
    }
}
