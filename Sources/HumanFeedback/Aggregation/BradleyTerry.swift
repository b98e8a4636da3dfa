import Glibc

/// Strengths of players from games: P(i beats j) = p_i / (p_i + p_j), θ = log p.
///
/// R. A. Bradley, M. E. Terry 1952, by the minorization-maximization steps of D. R. Hunter 2004:
///
///     p_i ← W_i / Σ_j n_ij / (p_i + p_j)
///
/// Ties count as half a win and half a loss, or by Davidson's model (1970):
///
///     P(i beats j) = p_i / D,   P(tie) = ν √(p_i p_j) / D,   D = p_i + p_j + ν √(p_i p_j)
///
/// Strengths exist only when every player has beaten and lost to the others, over others at least;
/// a `prior` of λ wins and λ losses against a virtual player of strength 1 makes them exist always.
public struct BradleyTerry: Equatable, Sendable {
    /// What happened between two players.
    public struct Games: Equatable, Sendable {
        public let first: Int
        public let second: Int
        /// May be fractions.
        public var firstWins: Double
        public var secondWins: Double
        public var ties: Double

        /// Creates games of two different players.
        public init(
            _ first: Int, _ second: Int, firstWins: Double = 0, secondWins: Double = 0,
            ties: Double = 0
        ) {
            precondition(first != second, "BradleyTerry: player \(first) plays against itself")
            self.first = first
            self.second = second
            self.firstWins = firstWins
            self.secondWins = secondWins
            self.ties = ties
        }
    }

    /// How ties are read.
    public enum Ties: Sendable {
        case halfWins
        case davidson
    }

    /// θ of each player; without a prior their mean is 0.
    public let strengths: [Double]
    /// Davidson's ν, 0 for half wins.
    public let tieParameter: Double
    public let iterations: Int

    /// Fits the strengths.
    ///
    /// - Parameters:
    ///   - start: Strengths to begin with, for a quick second fit.
    ///   - tolerance: The largest change of a θ that ends the search.
    public init(
        _ games: [Games], players: Int, ties: Ties = .halfWins, prior: Double = 0,
        start: [Double]? = nil, tolerance: Double = 1e-11, iterations limit: Int = 20_000
    ) {
        var p = (start ?? [Double](repeating: 0, count: players)).map { exp($0) }
        var wins = [Double](repeating: prior, count: players)
        var tied = 0.0
        for game in games {
            wins[game.first] += game.firstWins + game.ties / 2
            wins[game.second] += game.secondWins + game.ties / 2
            tied += game.ties
        }
        var nu = ties == .davidson && tied > 0 ? 1.0 : 0
        var count = 0
        while count < limit {
            count += 1
            var load = p.map { prior == 0 ? 0 : 2 * prior / ($0 + 1) }
            var tieLoad = 0.0
            for game in games {
                let (a, b) = (p[game.first], p[game.second])
                let root = (a * b).squareRoot()
                let share = (game.firstWins + game.secondWins + game.ties) / (a + b + nu * root)
                load[game.first] += share * (1 + nu / 2 * root / a)
                load[game.second] += share * (1 + nu / 2 * root / b)
                tieLoad += share * root
            }
            if nu > 0 { nu = tied / tieLoad }
            var next = p
            for player in p.indices where load[player] > 0 {
                next[player] = max(wins[player], 1e-300) / load[player]
            }
            if prior == 0 { Self.centre(&next) }
            let change = zip(p, next).reduce(0) { max($0, abs(log($1.1) - log($1.0))) }
            p = next
            if change < tolerance { break }
        }
        strengths = p.map { log($0) }
        tieParameter = nu
        iterations = count
    }

    /// Makes the geometric mean one.
    private static func centre(_ p: inout [Double]) {
        let mean = p.reduce(0) { $0 + log($1) } / Double(max(p.count, 1))
        for player in p.indices { p[player] *= exp(-mean) }
    }

    /// The standard error of each θ less the mean of all, of a fit with a prior and ties as half wins:
    /// from the inverse Σ of the observed information,
    ///
    ///     I = Σ n_ij p (1 − p) (e_i − e_j)(e_i − e_j)ᵀ + 2 λ Σ_i σ(θ_i) (1 − σ(θ_i)) e_i e_iᵀ
    ///     s_i² = Σ_ii − 2/n Σ_j Σ_ij + 1/n² Σ_jk Σ_jk
    ///
    /// The level that all strengths have in common is left out: only the prior knows it.
    ///
    /// - Parameters:
    ///   - games: The games it was fitted to.
    ///   - prior: λ, more than 0.
    func centredErrors(_ games: [Games], prior: Double) -> [Double] {
        precondition(prior > 0 && tieParameter == 0, "BradleyTerry: errors need a prior, no ν")
        func variance(_ difference: Double) -> Double {
            let p = 1 / (1 + exp(-difference))
            return p * (1 - p)
        }
        let count = strengths.count
        var information = [[Double]](
            repeating: [Double](repeating: 0, count: count), count: count)
        for player in strengths.indices {
            information[player][player] = 2 * prior * variance(strengths[player])
        }
        for game in games {
            let (a, b) = (game.first, game.second)
            let weight =
                (game.firstWins + game.secondWins + game.ties)
                * variance(strengths[a] - strengths[b])
            information[a][a] += weight
            information[b][b] += weight
            information[a][b] -= weight
            information[b][a] -= weight
        }
        // With A = L Lᵀ and M = L⁻¹: Σ = Mᵀ M, its row sums are Mᵀ (M 1), their sum is |M 1|².
        let inverse = Self.inverseFactor(information)
        let sums = inverse.map { row in row.reduce(0, +) }
        let total = sums.reduce(0) { $0 + $1 * $1 }
        let n = Double(count)
        return strengths.indices.map { player in
            var (own, row) = (0.0, 0.0)
            for k in player..<count {
                own += inverse[k][player] * inverse[k][player]
                row += inverse[k][player] * sums[k]
            }
            return max(0, own - 2 / n * row + total / (n * n)).squareRoot()
        }
    }

    /// The inverse of Cholesky's factor L of a symmetric positive definite matrix; lower triangular too.
    private static func inverseFactor(_ matrix: [[Double]]) -> [[Double]] {
        let count = matrix.count
        var factor = matrix
        for row in 0..<count {
            for column in 0...row {
                var sum = matrix[row][column]
                for k in 0..<column { sum -= factor[row][k] * factor[column][k] }
                factor[row][column] =
                    row == column ? sum.squareRoot() : sum / factor[column][column]
            }
        }
        var inverse = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        for unit in 0..<count {
            for row in unit..<count {
                var sum = row == unit ? 1.0 : 0
                for k in unit..<row { sum -= factor[row][k] * inverse[k][unit] }
                inverse[row][unit] = sum / factor[row][row]
            }
        }
        return inverse
    }

    /// Whether every player has won and lost against all others, over others at least.
    public static func isComparable(_ games: [Games], players: Int) -> Bool {
        var beats = [[Int]](repeating: [], count: players)
        var losesTo = beats
        for game in games {
            if game.firstWins > 0 || game.ties > 0 {
                beats[game.first].append(game.second)
                losesTo[game.second].append(game.first)
            }
            if game.secondWins > 0 || game.ties > 0 {
                beats[game.second].append(game.first)
                losesTo[game.first].append(game.second)
            }
        }
        func reached(_ edges: [[Int]]) -> Int {
            var seen = [Bool](repeating: false, count: players)
            var open = players > 0 ? [0] : []
            if players > 0 { seen[0] = true }
            while let player = open.popLast() {
                for next in edges[player] where !seen[next] {
                    seen[next] = true
                    open.append(next)
                }
            }
            return seen.count { $0 }
        }
        return reached(beats) == players && reached(losesTo) == players
    }
}
