import Autograd
import Glibc

/// An ensemble of linear reward heads on features that stay as they are.
///
/// Each head minimises, over a sample of the prompts drawn with replacement (Efron 1979),
///
///     Σ −log σ(w · (φ(chosen) − φ(rejected))) + λ/2 |w|²
///
/// by Newton's method. Where heads differ, the labels so far do not decide; so their spread says which
/// label would teach most. It takes milliseconds where training reward models anew takes minutes.
public struct PreferenceHeads: Sendable {
    /// Head by feature.
    public let weights: [[Double]]

    /// Fits heads.
    ///
    /// - Parameters:
    ///   - differences: φ(chosen) − φ(rejected) of each labelled pair, `[pairs][width]`.
    ///   - groups: The prompt of each pair; pairs of one prompt are drawn together.
    ///   - count: Heads.
    ///   - penalty: λ.
    ///   - seed: Decides the samples.
    public init(
        differences: [[Float]], groups: [String], count: Int = 8, penalty: Double = 4, seed: UInt64
    ) {
        precondition(
            differences.count == groups.count,
            "PreferenceHeads: \(differences.count) pairs and \(groups.count) groups")
        var places: [String: Int] = [:]
        var members: [[Int]] = []
        for (index, group) in groups.enumerated() {
            let place = places[group] ?? members.count
            if place == members.count {
                places[group] = place
                members.append([])
            }
            members[place].append(index)
        }
        weights = (0..<count).map { head in
            var random = RandomStream(
                seed: seed, purpose: RandomPurpose("preference heads"), step: head)
            var times = [Double](repeating: 0, count: differences.count)
            for _ in members {
                for index in members[random.nextIndex(below: members.count)] { times[index] += 1 }
            }
            return Self.fit(differences, times: times, penalty: penalty)
        }
    }

    /// The margins each head sees, head by pair.
    public func margins(_ differences: [[Float]]) -> [[Double]] {
        weights.map { head in differences.map { Self.dot(head, $0) } }
    }

    private static func dot(_ weights: [Double], _ features: [Float]) -> Double {
        var sum = 0.0
        for index in weights.indices { sum += weights[index] * Double(features[index]) }
        return sum
    }

    /// Newton's method; the loss is strictly convex, and a step is halved until it falls.
    private static func fit(_ rows: [[Float]], times: [Double], penalty: Double) -> [Double] {
        guard let width = rows.first?.count else { return [] }
        var weights = [Double](repeating: 0, count: width)
        var loss = Self.loss(rows, times, weights, penalty)
        for _ in 0..<30 {
            var gradient = weights.map { penalty * $0 }
            var hessian = [Double](repeating: 0, count: width * width)
            for (row, time) in zip(rows, times) where time > 0 {
                let share = 1 / (1 + exp(dot(weights, row)))
                let curvature = time * share * (1 - share)
                for i in 0..<width {
                    let value = Double(row[i])
                    gradient[i] -= time * share * value
                    let scaled = curvature * value
                    for j in 0...i { hessian[i * width + j] += scaled * Double(row[j]) }
                }
            }
            for i in 0..<width { hessian[i * width + i] += penalty }
            let step = solve(&hessian, gradient, width)
            var length = 1.0
            var next = weights
            var nextLoss = loss
            repeat {
                next = zip(weights, step).map { $0 - length * $1 }
                nextLoss = Self.loss(rows, times, next, penalty)
                length /= 2
            } while nextLoss > loss && length > 1e-6
            let gain = loss - nextLoss
            if gain <= 0 { break }
            (weights, loss) = (next, nextLoss)
            if gain < 1e-9 * (1 + abs(loss)) { break }
        }
        return weights
    }

    private static func loss(
        _ rows: [[Float]], _ times: [Double], _ weights: [Double], _ penalty: Double
    ) -> Double {
        var sum = penalty / 2 * weights.reduce(0) { $0 + $1 * $1 }
        for (row, time) in zip(rows, times) where time > 0 {
            let margin = dot(weights, row)
            sum += time * (margin > 0 ? log1p(exp(-margin)) : -margin + log1p(exp(margin)))
        }
        return sum
    }

    /// Solves a symmetric positive definite system by Cholesky's method; the lower half is given.
    private static func solve(_ matrix: inout [Double], _ right: [Double], _ width: Int) -> [Double]
    {
        for i in 0..<width {
            for j in 0...i {
                var sum = matrix[i * width + j]
                for k in 0..<j { sum -= matrix[i * width + k] * matrix[j * width + k] }
                matrix[i * width + j] =
                    i == j ? sum.squareRoot() : sum / matrix[j * width + j]
            }
        }
        var x = right
        for i in 0..<width {
            for k in 0..<i { x[i] -= matrix[i * width + k] * x[k] }
            x[i] /= matrix[i * width + i]
        }
        for i in (0..<width).reversed() {
            for k in (i + 1)..<max(width, i + 1) { x[i] -= matrix[k * width + i] * x[k] }
            x[i] /= matrix[i * width + i]
        }
        return x
    }
}
