/// What each answer was worth beside the other answers of its group (Kool et al. 2019; Ahmadian et al.
/// 2024, arXiv:2402.14740, equation 8).
///
///     A[i] = r[i] − mean of r[j] over the others of the group
///
/// They sum to 0 in every group.
///
/// - Parameters:
///   - rewards: r, one an answer, the answers of a group one after the other.
///   - groupSize: Answers of a group, at least 2.
public func leaveOneOutAdvantages(_ rewards: [Float], groupSize: Int) -> [Float] {
    precondition(
        groupSize > 1 && rewards.count.isMultiple(of: groupSize),
        "leave-one-out: \(rewards.count) rewards in groups of \(groupSize)")
    return groups(rewards, groupSize).flatMap { group in
        let sum = group.reduce(0.0) { $0 + Double($1) }
        return group.map { Float(Double($0) - (sum - Double($0)) / Double(groupSize - 1)) }
    }
}

/// 1 for the best answer of each group, the first of equals, and 0 for the others.
///
/// A group with a reward that is not a number gets that in place of the 1.
///
/// - Parameters: As of ``leaveOneOutAdvantages(_:groupSize:)``.
func bestOfGroups(_ rewards: [Float], groupSize: Int) -> [Float] {
    groups(rewards, groupSize).flatMap { group -> [Float] in
        let isFinite = group.allSatisfy(\.isFinite)
        let best = group.indices.max { (group[$0], -$0) < (group[$1], -$1) }
        return group.indices.map { place -> Float in
            if !isFinite { return place == 0 ? .nan : 0 }
            return place == best ? 1 : 0
        }
    }
}

/// By what the distance from the group's mean is divided.
public enum AdvantageScale: String, CaseIterable, Sendable {
    /// The group's deviation, as the paper has it; groups with nearly equal scores count as much as
    /// others.
    case group
    /// The deviation over the whole batch.
    case batch
    /// Nothing (Liu et al. 2025, arXiv:2503.20783).
    case none
}

/// What each answer was worth as GRPO has it (Shao et al. 2024, arXiv:2402.03300, section 4.1.2).
///
///     A[i] = (r[i] − mean of the group) / (deviation + 1e-4)
///
/// The deviation has Bessel's correction. A group of equal scores has advantages of 0.
///
/// - Parameters: As of ``leaveOneOutAdvantages(_:groupSize:)``.
public func groupRelativeAdvantages(
    _ rewards: [Float], groupSize: Int, scale: AdvantageScale
) -> [Float] {
    precondition(
        groupSize > 1 && rewards.count.isMultiple(of: groupSize),
        "GRPO: \(rewards.count) rewards in groups of \(groupSize)")
    let overall = deviation(rewards)
    return groups(rewards, groupSize).flatMap { group in
        let mean = group.reduce(0.0) { $0 + Double($1) } / Double(groupSize)
        let divisor: Double
        switch scale {
        case .group: divisor = deviation(group) + 1e-4
        case .batch: divisor = overall + 1e-4
        case .none: divisor = 1
        }
        return group.map { Float((Double($0) - mean) / divisor) }
    }
}

/// Values with mean 0 and deviation 1: (x − μ) / (σ + 1e-4), as TRL's RLOO has it.
func standardized(_ values: [Float]) -> [Float] {
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(max(1, values.count))
    let divisor = deviation(values) + 1e-4
    return values.map { Float((Double($0) - mean) / divisor) }
}

/// How the scores vary inside groups.
struct GroupSpread {
    /// Mean over groups of the deviation in a group.
    let deviation: Double
    /// The share of groups whose scores are all equal: they teach nothing.
    let equalShare: Double

    init(_ scores: [Float], groupSize: Int) {
        let deviations = groups(scores, groupSize).map { Alignment.deviation($0) }
        let count = Double(max(1, deviations.count))
        deviation = deviations.reduce(0, +) / count
        equalShare = Double(deviations.count { $0 < 1e-8 }) / count
    }
}

private func groups(_ values: [Float], _ size: Int) -> [[Float]] {
    stride(from: 0, to: values.count, by: size).map {
        Array(values[$0..<min(values.count, $0 + size)])
    }
}

/// With Bessel's correction; 0 for a single value.
private func deviation(_ values: [Float]) -> Double {
    guard values.count > 1 else { return 0 }
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
}
