public import Autograd

/// A loss of ``PreferenceLoss`` on answers that were compared two by two, each by how much it won.
///
///     loss = p L(Δ_first, Δ_second) + (1 − p) L(Δ_second, Δ_first)
///
/// - Parameters:
///   - ratios: Δ = log π − log π_ref of both answers of each pair, one after the other, `[2 · pairs]`.
///   - preferences: p of each answer: 1 for the better one of a pair, 0 for the other.
///   - lengths: Tokens of each answer.
///   - beta: β.
/// - Returns: The loss of each pair, `[pairs]`.
public func judgedPairLoss(
    _ kind: PreferenceLoss, ratios: Tensor, preferences: [Float], lengths: [Int], beta: Float
) -> Tensor {
    let first = stride(from: 0, to: lengths.count, by: 2).map { $0 }
    let second = first.map { $0 + 1 }
    let sides = (ratios.elements(at: first), ratios.elements(at: second))
    let counts = (first.map { lengths[$0] }, second.map { lengths[$0] })
    let forward = kind.perPair(chosen: sides.0, rejected: sides.1, lengths: counts, beta: beta)
    let backward = kind.perPair(
        chosen: sides.1, rejected: sides.0, lengths: (counts.1, counts.0), beta: beta)
    return Tensor(first.map { preferences[$0] }) * forward
        + Tensor(second.map { preferences[$0] }) * backward
}
