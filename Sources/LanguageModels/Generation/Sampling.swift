import Autograd
import Glibc

/// How the next token is chosen from a distribution.
public struct SamplingParameters: Sendable, Equatable {
    /// Divides the logits; 0 is the same as ``isGreedy``.
    public var temperature: Float
    /// Only the k likeliest tokens; 0 keeps all.
    public var topK: Int
    /// Only the likeliest tokens that together reach this probability (Holtzman et al. 2019,
    /// arXiv:1904.09751); 1 keeps all.
    public var topP: Float
    /// Always the likeliest token, the lowest id where several are.
    public var isGreedy: Bool {
        get { wantsLikeliest || temperature == 0 }
        set { wantsLikeliest = newValue }
    }
    private var wantsLikeliest: Bool

    public init(temperature: Float = 1, topK: Int = 0, topP: Float = 1, isGreedy: Bool = false) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        wantsLikeliest = isGreedy
    }

    public static let greedy = SamplingParameters(isGreedy: true)

    /// Whether samples follow softmax(logits / temperature) itself, nothing cut off.
    public var keepsWholeDistribution: Bool { !isGreedy && topK == 0 && topP >= 1 }

    /// Chooses a token.
    ///
    /// - Parameters:
    ///   - logits: `[rows, vocabulary]`; the row may be overwritten.
    ///   - uniform: A random number in [0, 1).
    func token(from logits: Tensor, row: Int, uniform: Float) -> Int {
        if isGreedy { return logits.likeliest(row: row) }
        if keepsWholeDistribution {
            return logits.draw(row: row, temperature: temperature, uniform: uniform)
        }
        let scores = logits.row(row)
        let highest = scores.max() ?? 0
        let weights = scores.map { exp(($0 - highest) / temperature) }
        let candidates = candidates(weights)
        let total = candidates.reduce(Float(0)) { $0 + weights[$1] }
        var rest = uniform * total
        for token in candidates {
            rest -= weights[token]
            if rest < 0 { return token }
        }
        // Rounding can leave a crumb: the last token that has any weight.
        return candidates.last { weights[$0] > 0 } ?? 0
    }

    /// The tokens that are left to choose from, likeliest first; equal ones by id, so that the cut is
    /// the same every time.
    private func candidates(_ weights: [Float]) -> [Int] {
        // Nothing below this limit can be among them; only the others need to be sorted.
        var limit: Float = 0
        if topP < 1 {
            // All weights below it together are less than what the nucleus leaves out.
            limit = (1 - topP) * weights.reduce(0, +) / Float(2 * weights.count)
        }
        if topK > 0 && topK < weights.count {
            limit = max(limit, kthLargest(of: weights, topK))
        }
        var candidates = weights.indices.filter { weights[$0] >= limit }.sorted {
            (weights[$0], -$0) > (weights[$1], -$1)
        }
        if topK > 0 { candidates = Array(candidates.prefix(topK)) }
        if topP < 1 {
            let total = topK > 0 ? candidates.reduce(0) { $0 + weights[$1] } : weights.reduce(0, +)
            let goal = topP * total
            var sum: Float = 0
            var kept = 0
            while kept < candidates.count && (kept == 0 || sum < goal) {
                sum += weights[candidates[kept]]
                kept += 1
            }
            candidates = Array(candidates.prefix(kept))
        }
        return candidates
    }
}

/// The k-th largest of some numbers, k from 1, by Hoare's selection.
func kthLargest(of values: [Float], _ k: Int) -> Float {
    var values = values
    var low = 0
    var high = values.count - 1
    let place = k - 1
    while low < high {
        let pivot = values[(low + high) / 2]
        var i = low
        var j = high
        while i <= j {
            while values[i] > pivot { i += 1 }
            while values[j] < pivot { j -= 1 }
            if i <= j {
                values.swapAt(i, j)
                i += 1
                j -= 1
            }
        }
        if place <= j { high = j } else if place >= i { low = i } else { break }
    }
    return values[place]
}

/// Why a completion ended.
public enum StopReason: String, Sendable, Equatable {
    /// The end-of-text token came.
    case endOfText = "end_of_text"
    /// As many new tokens as were asked for.
    case length
    /// The model's context was full.
    case context
    /// The user stopped it.
    case interrupted
}
