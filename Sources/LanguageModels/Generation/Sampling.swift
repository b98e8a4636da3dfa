import Autograd

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
        return logits.draw(
            row: row, temperature: temperature, topK: topK, topP: topP, uniform: uniform)
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
