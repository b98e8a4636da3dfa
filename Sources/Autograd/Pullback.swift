/// The way back of an operation: what a tape keeps of it.
///
/// A value that lies on the tape itself, so that recording asks for no memory. Each is defined beside
/// its operation; `send` gets the gradient of the result, which it owns and may overwrite.
enum Pullback {
    case element(ElementPullback)
    case elementPair(ElementPairPullback)
    case weightedSum(WeightedSumPullback)
    case segmentSums(SegmentSumsPullback)
    case logSums(LogSumsPullback)
    case embedding(EmbeddingPullback)
    case rows(RowsPullback)
    case linear(LinearPullback)
    case lowRankProduct(LowRankProductPullback)
    case scalarHead(ScalarHeadPullback)
    case dropout(DropoutPullback)
    case layerNorm(LayerNormPullback)
    case attention(AttentionPullback)
    case crossEntropy(CrossEntropyPullback)
    case tokenLogProbabilities(TokenLogProbabilitiesPullback)
    case part(PartPullback)

    /// Sends the gradient of the result to the operands.
    func send(_ gradient: Tensor) {
        switch self {
        case .element(let pullback): pullback.send(gradient)
        case .elementPair(let pullback): pullback.send(gradient)
        case .weightedSum(let pullback): pullback.send(gradient)
        case .segmentSums(let pullback): pullback.send(gradient)
        case .logSums(let pullback): pullback.send(gradient)
        case .embedding(let pullback): pullback.send(gradient)
        case .rows(let pullback): pullback.send(gradient)
        case .linear(let pullback): pullback.send(gradient)
        case .lowRankProduct(let pullback): pullback.send(gradient)
        case .scalarHead(let pullback): pullback.send(gradient)
        case .dropout(let pullback): pullback.send(gradient)
        case .layerNorm(let pullback): pullback.send(gradient)
        case .attention(let pullback): pullback.send(gradient)
        case .crossEntropy(let pullback): pullback.send(gradient)
        case .tokenLogProbabilities(let pullback): pullback.send(gradient)
        case .part(let pullback): pullback.send(gradient)
        }
    }
}
