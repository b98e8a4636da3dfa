// As TRL's `masked_whiten`: once over the whole batch of rollouts, with the unbiased variance. (The
// first PPO for language models did it per minibatch with the population variance.) Its flag
// `shift_mean` is two functions here, because a flag once got turned round in a port unnoticed.

/// The values of a batch shifted to mean 0 and scaled to variance 1 over all its tokens.
///
///     y = (x − μ) / √(σ² + 1e-8)
///
/// μ and σ² are taken over every token of every sequence, so a long completion counts by its
/// length; σ² has Bessel's correction. Used for advantages.
///
/// - Parameter sequences: Ragged, one array a completion; all their entries count.
/// - Returns: The same shape. A batch of a single token becomes 0.
public func whitened(_ sequences: [[Float]]) -> [[Float]] {
    let (mean, scale) = meanAndScale(of: sequences)
    return sequences.map { $0.map { Float((Double($0) - mean) * scale) } }
}

/// The values of a batch scaled to variance 1 over all its tokens, around a mean that stays.
///
///     y = (x − μ) / √(σ² + 1e-8) + μ
///
/// Used for rewards, whose sign and level mean something. Otherwise as `whitened(_:)`.
///
/// - Parameter sequences: Ragged, one array a completion; all their entries count.
/// - Returns: The same shape. A batch of a single token stays as it is.
public func whitenedKeepingMean(_ sequences: [[Float]]) -> [[Float]] {
    let (mean, scale) = meanAndScale(of: sequences)
    return sequences.map { $0.map { Float((Double($0) - mean) * scale + mean) } }
}

/// μ and 1 / √(σ² + 1e-8) over all tokens, summed in double precision in the order of the batch.
private func meanAndScale(of sequences: [[Float]]) -> (mean: Double, scale: Double) {
    let count = sequences.reduce(0) { $0 + $1.count }
    guard count > 0 else { return (0, 1) }
    var sum = 0.0
    for sequence in sequences { for value in sequence { sum += Double(value) } }
    let mean = sum / Double(count)
    var squares = 0.0
    for sequence in sequences {
        for value in sequence {
            let difference = Double(value) - mean
            squares += difference * difference
        }
    }
    let variance = count > 1 ? squares / Double(count - 1) : 0
    return (mean, 1 / (variance + 1e-8).squareRoot())
}
