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
