import Glibc

/// Elo ratings, for those who expect them: they depend on the order of the games, so the same games
/// in another order give other ratings. Bradley and Terry's strengths do not.
///
///     E_a = 1 / (1 + 10^((R_b − R_a) / 400)),   R_a ← R_a + K (result − E_a)
///
/// A. Elo 1978; both players are updated from the ratings before the game, so the sum stays.
public enum Elo {
    /// The ratings after all games.
    ///
    /// - Parameters:
    ///   - games: In the order in which they were played; the result is 1 for a win of the first,
    ///     one half for a tie, 0 for a loss.
    ///   - k: K, the most that one game changes.
    public static func ratings(
        _ games: [(first: Int, second: Int, result: Double)], players: Int, k: Double = 32
    ) -> [Double] {
        var ratings = [Double](repeating: 1000, count: players)
        for game in games {
            let difference = ratings[game.second] - ratings[game.first]
            let expected = 1 / (1 + pow(10, difference / 400))
            let change = k * (game.result - expected)
            ratings[game.first] += change
            ratings[game.second] -= change
        }
        return ratings
    }

    /// A strength of Bradley and Terry's model on Elo's scale: 1000 + 400 / ln 10 · θ.
    public static func scale(_ strength: Double) -> Double { 1000 + 400 / log(10) * strength }
}
