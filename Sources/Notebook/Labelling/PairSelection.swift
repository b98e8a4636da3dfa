import Autograd
import Glibc

/// Which pairs are asked first: those that would teach most.
///
/// With d_m the margin (left less right) that member m of an ensemble sees, and p_m = σ(d_m):
///
///     uncertain       H(mean p)                   near-ties; all there is with one model
///     disagreement    variance of p               Christiano et al. 2017, arXiv:1706.03741
///     information     H(mean p) − mean H(p)       Houlsby et al. 2011, arXiv:1112.5745 (BALD)
///
/// A share of the pairs is drawn at random whatever the rule, and marked so: held-out figures are fair
/// on those only.
enum PairSelection: String, CaseIterable {
    case random, uncertain, disagreement, information

    /// The worth of asking each pair.
    ///
    /// - Parameter margins: Member by pair.
    func worth(_ margins: [[Double]]) -> [Double] {
        let count = margins.first?.count ?? 0
        return (0..<count).map { index in
            let shares = margins.map { 1 / (1 + exp(-$0[index])) }
            let mean = shares.reduce(0, +) / Double(shares.count)
            switch self {
            case .random: return 0
            case .uncertain: return Self.entropy(mean)
            case .disagreement:
                return shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(shares.count)
            case .information:
                let doubt = shares.reduce(0) { $0 + Self.entropy($1) } / Double(shares.count)
                return Self.entropy(mean) - doubt
            }
        }
    }

    /// In nats; 0 at both ends.
    private static func entropy(_ p: Double) -> Double {
        p <= 0 || p >= 1 ? 0 : -p * log(p) - (1 - p) * log(1 - p)
    }

    /// A pair by its place, and why it is asked.
    struct Choice: Equatable {
        let index: Int
        let reason: String
    }

    /// All pairs in the order to ask them: the most worthy first, no prompt again before every prompt
    /// has had its turn, random ones between them.
    ///
    /// - Parameters:
    ///   - promptIDs: The prompt of each pair.
    ///   - worth: Of each pair; equal ones keep a random order. Not read by `random`.
    ///   - randomShare: In 0...1.
    func order(
        promptIDs: [String], worth: [Double], randomShare: Double, seed: UInt64
    ) -> [Choice] {
        var random = RandomStream(seed: seed, purpose: RandomPurpose("pair selection"), step: 0)
        let shuffled = random.permutation(of: promptIDs.count)
        if self == .random { return shuffled.map { Choice(index: $0, reason: rawValue) } }
        var places = [Int](repeating: 0, count: shuffled.count)
        for (place, index) in shuffled.enumerated() { places[index] = place }
        let best = promptIDs.indices.sorted {
            worth[$0] != worth[$1] ? worth[$0] > worth[$1] : places[$0] < places[$1]
        }
        var taken = [Bool](repeating: false, count: promptIDs.count)
        var queues = (random: shuffled[...], worthy: Self.inTurns(best, promptIDs)[...])
        func next(_ queue: inout ArraySlice<Int>) -> Int? {
            while let index = queue.popFirst() { if !taken[index] { return index } }
            return nil
        }
        var order: [Choice] = []
        while order.count < promptIDs.count {
            let isRandom = Double(random.nextUniform()) < randomShare
            guard let index = isRandom ? next(&queues.random) : next(&queues.worthy) else { break }
            taken[index] = true
            order.append(Choice(index: index, reason: isRandom ? Self.random.rawValue : rawValue))
        }
        return order
    }

    /// The best pair of every prompt, then the second best of every prompt, and so on.
    private static func inTurns(_ best: [Int], _ promptIDs: [String]) -> [Int] {
        var turns: [String: Int] = [:]
        var rounds: [[Int]] = []
        for index in best {
            let round = turns[promptIDs[index], default: 0]
            turns[promptIDs[index]] = round + 1
            if round == rounds.count { rounds.append([]) }
            rounds[round].append(index)
        }
        return rounds.flatMap { $0 }
    }
}
