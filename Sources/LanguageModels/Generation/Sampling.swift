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
    ///   - logits: `[vocabulary]`.
    ///   - uniform: A random number in [0, 1).
    func token(from logits: [Float], uniform: Float) -> Int {
        if isGreedy { return logits.indices.max { logits[$0] < logits[$1] } ?? 0 }
        let highest = logits.max() ?? 0
        let weights = logits.map { exp(($0 - highest) / temperature) }
        if topK == 0 && topP >= 1 {
            return Self.draw(weights, candidates: nil, uniform: uniform)
        }
        // Likeliest first; equal ones by id, so that the cut is the same every time.
        var candidates = weights.indices.sorted {
            (weights[$0], -$0) > (weights[$1], -$1)
        }
        if topK > 0 { candidates = Array(candidates.prefix(topK)) }
        if topP < 1 {
            let limit = topP * candidates.reduce(0) { $0 + weights[$1] }
            var sum: Float = 0
            var kept = 0
            while kept < candidates.count && (kept == 0 || sum < limit) {
                sum += weights[candidates[kept]]
                kept += 1
            }
            candidates = Array(candidates.prefix(kept))
        }
        return Self.draw(weights, candidates: candidates, uniform: uniform)
    }

    private static func draw(_ weights: [Float], candidates: [Int]?, uniform: Float) -> Int {
        let order = candidates ?? Array(weights.indices)
        let total = order.reduce(Float(0)) { $0 + weights[$1] }
        var rest = uniform * total
        for token in order {
            rest -= weights[token]
            if rest < 0 { return token }
        }
        // Rounding can leave a crumb: the last token that has any weight.
        return order.last { weights[$0] > 0 } ?? 0
    }
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
