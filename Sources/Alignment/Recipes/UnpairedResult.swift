/// What policy and reference say of single answers, and the loss that follows.
struct UnpairedResult {
    /// Σ log π of an answer under policy and reference.
    struct Answer {
        let isGood: Bool
        let policy, reference: Float

        var ratio: Double { Double(policy) - Double(reference) }
    }

    var loss = 0.0
    var referencePoint = 0.0
    var answers: [Answer] = []

    init() {}

    init(_ parts: [UnpairedResult], referencePoint: Float) {
        loss = parts.reduce(0) { $0 + $1.loss }
        answers = parts.flatMap(\.answers)
        self.referencePoint = Double(referencePoint)
    }

    /// The mean over the good, or the bad, answers; nil where there are none.
    private func mean(good: Bool, _ value: (Answer) -> Double) -> Double? {
        let chosen = answers.filter { $0.isGood == good }
        if chosen.isEmpty { return nil }
        return chosen.reduce(0) { $0 + value($1) } / Double(chosen.count)
    }

    /// Mean implicit reward of good answers less that of bad ones.
    func margin(beta: Float) -> Double? {
        guard let good = mean(good: true, \.ratio), let bad = mean(good: false, \.ratio) else {
            return nil
        }
        return Double(beta) * (good - bad)
    }

    /// How often a good answer has the higher ratio of two, over all pairs of a good and a bad one.
    var accuracy: Double? {
        let good = answers.filter(\.isGood).map(\.ratio).sorted()
        let bad = answers.filter { !$0.isGood }.map(\.ratio).sorted()
        if good.isEmpty || bad.isEmpty { return nil }
        // Places in the sorted bad ones only move up.
        var below = 0
        var upTo = 0
        var points = 0.0
        for value in good {
            while below < bad.count && bad[below] < value { below += 1 }
            upTo = max(upTo, below)
            while upTo < bad.count && bad[upTo] == value { upTo += 1 }
            points += Double(below) + 0.5 * Double(upTo - below)
        }
        return points / (Double(good.count) * Double(bad.count))
    }

    func figures(beta: Float) -> [(key: String, value: Double)] {
        let beta64 = Double(beta)
        let all: [(String, Double?)] = [
            ("kto/kl", referencePoint), ("rewards/accuracies", accuracy),
            ("rewards/chosen", mean(good: true) { beta64 * $0.ratio }),
            ("rewards/rejected", mean(good: false) { beta64 * $0.ratio }),
            ("rewards/margins", margin(beta: beta)),
            ("logps/chosen", mean(good: true) { Double($0.policy) }),
            ("logps/rejected", mean(good: false) { Double($0.policy) }),
        ]
        return all.compactMap { key, value in value.map { (key, $0) } }
    }
}
