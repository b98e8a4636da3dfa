import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct BradleyTerryTests {
    let golden: QualityGolden
    private static let names = ["A", "B", "C", "D"]

    init() throws { golden = try QualityGolden() }

    private var rounds: [(first: Int, second: Int, result: Double)] {
        get throws {
            try #require(golden.golden["bt_wins(winner,loser)"]?.arrayValue).map { row in
                let place = { (index: Int) in
                    try #require(Self.names.firstIndex(of: row[index]?.stringValue ?? ""))
                }
                return (try place(0), try place(1), 1)
            }
        }
    }

    private func games(adding ties: [(Int, Int)] = []) throws -> [BradleyTerry.Games] {
        try rounds.map { BradleyTerry.Games($0.first, $0.second, firstWins: 1) }
            + ties.map { BradleyTerry.Games($0.0, $0.1, ties: 1) }
    }

    @Test func strengthsEqualChoix() throws {
        let fit = BradleyTerry(try games(), players: 4)
        for (player, name) in Self.names.enumerated() {
            #expect(
                isClose(
                    fit.strengths[player],
                    try golden.number("bt_theta_mean0(choix ilsr)", name)))
            #expect(
                isClose(
                    Elo.scale(fit.strengths[player]),
                    try golden.number("bt_elo_scale_1000_400log10", name), 1e-4))
        }
    }

    @Test func tiesAsHalfWinsEqualTheReference() throws {
        let fit = BradleyTerry(try games(adding: [(0, 1), (2, 3)]), players: 4)
        for (player, name) in Self.names.enumerated() {
            #expect(
                isClose(
                    fit.strengths[player],
                    try golden.number("bt_ties_half_win(ties A-B, C-D added)_theta_mean0", name),
                    1e-6))
        }
    }

    @Test func strengthsWithAPriorAndTheirErrorsEqualThoseOfTheLikelihood() throws {
        let reference = try #require(golden.models["answers"])
        let games = try #require(reference["games"]?.arrayValue).map { row in
            let n = try #require(row.arrayValue).map { try #require($0.intValue) }
            return BradleyTerry.Games(
                n[0], n[1], firstWins: Double(n[2]), secondWins: Double(n[3]), ties: Double(n[4]))
        }
        let prior = try #require(reference["prior"]?.doubleValue)
        let fit = BradleyTerry(games, players: 5, prior: prior)
        let errors = fit.centredErrors(games, prior: prior)
        for player in 0..<5 {
            #expect(
                isClose(
                    fit.strengths[player],
                    try #require(reference["strengths"]?[player]?.doubleValue)))
            #expect(
                isClose(
                    errors[player], try #require(reference["centred_errors"]?[player]?.doubleValue))
            )
        }
    }

    @Test func davidsonEqualsTheMaximumFoundByScipy() throws {
        let reference = try #require(golden.models["davidson"])
        let games = try #require(reference["games"]?.arrayValue).map { row in
            let n = try #require(row.arrayValue).map { try #require($0.intValue) }
            return BradleyTerry.Games(
                n[0], n[1], firstWins: Double(n[2]), secondWins: Double(n[3]), ties: Double(n[4]))
        }
        let fit = BradleyTerry(games, players: 4, ties: .davidson)
        #expect(isClose(fit.tieParameter, try #require(reference["nu"]?.doubleValue), 1e-5))
        for (ours, theirs) in zip(
            fit.strengths, try #require(reference["theta_mean0"]?.arrayValue))
        {
            #expect(isClose(ours, try #require(theirs.doubleValue), 1e-5))
        }
    }

    @Test func orderMattersToEloOnly() throws {
        let forward = try rounds
        let backward = Array(forward.reversed())
        for (player, name) in Self.names.enumerated() {
            #expect(
                isClose(
                    Elo.ratings(forward, players: 4)[player],
                    try golden.number("elo_K32_forward", name)))
            #expect(
                isClose(
                    Elo.ratings(backward, players: 4)[player],
                    try golden.number("elo_K32_reversed", name)))
            #expect(
                isClose(
                    Elo.ratings(forward, players: 4, k: 4)[player],
                    try golden.number("elo_K4_forward", name)))
        }
        let a = BradleyTerry(try games(), players: 4).strengths
        let b = BradleyTerry(try games().reversed(), players: 4).strengths
        for (x, y) in zip(a, b) { #expect(isClose(x, y, 1e-9)) }
    }

    @Test func aPlayerWhoNeverLosesNeedsAPrior() {
        let games = [BradleyTerry.Games(0, 1, firstWins: 3)]
        #expect(!BradleyTerry.isComparable(games, players: 2))
        let fit = BradleyTerry(games, players: 2, prior: 0.5)
        #expect(fit.strengths.allSatisfy { $0.isFinite })
        #expect(fit.strengths[0] > fit.strengths[1])
        #expect(BradleyTerry.isComparable([.init(0, 1, ties: 1)], players: 2))
    }
}
