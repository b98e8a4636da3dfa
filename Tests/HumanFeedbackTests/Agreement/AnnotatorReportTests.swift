import Testing

@testable import HumanFeedback

@Suite struct AnnotatorReportTests {
    /// Pairs whose left answer is better by 1 to 4 points of the criterion below, or worse.
    static let comparisons = (0..<240).map { index in
        let points = index % 8 - 4
        return Comparison(
            prompt: "Prompt \(index)", left: "left answer worth \(points < 0 ? 0 : points + 1)",
            right: "right answer worth \(points < 0 ? -points : 0)", id: "c\(index)")
    }

    /// The number at the end of an answer.
    static func worth(_ prompt: String, _ completion: String) -> Double {
        Double(completion.split(separator: " ").last ?? "") ?? 0
    }

    static func annotator(_ name: String, _ errors: AnnotatorErrors) -> SimulatedAnnotator {
        SimulatedAnnotator(name: name, errors: errors, criterionName: "worth", criterion: worth)
    }

    static let good = ["ann", "ben", "cia"].map {
        annotator($0, AnnotatorErrors(temperature: 0.7, lapseRate: 0.02))
    }

    private func report(adding odd: SimulatedAnnotator, seed: UInt64 = 3) -> AgreementReport {
        let panel = SimulatedPanel(Self.good + [odd])
        let votes = panel.votes(on: Self.comparisons, votesEach: 4, seed: seed)
        return AgreementReport(votes, comparisons: Self.comparisons, resamples: 10)
    }

    private func remarks(_ report: AgreementReport, of name: String) throws -> [String] {
        try #require(report.annotators.first { $0.name == name }).remarks.map(\.word)
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func thePositionBiasedAnnotatorIsFoundAndNobodyElse(seed: UInt64) throws {
        let odd = Self.annotator("odd", AnnotatorErrors(temperature: 1, positionBias: 2.5))
        let found = report(adding: odd, seed: seed)
        #expect(try remarks(found, of: "odd").contains("favours-place"))
        for each in Self.good { #expect(try remarks(found, of: each.name).isEmpty) }
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func theCarelessAnnotatorAgreesLessAndIsTooFast(seed: UInt64) throws {
        let odd = Self.annotator(
            "odd",
            AnnotatorErrors(
                temperature: 1.5, lapseRate: 0.5, decisionSeconds: 0.2, wordsPerMinute: 4000))
        let found = report(adding: odd, seed: seed)
        #expect(try remarks(found, of: "odd").contains("agrees-less"))
        #expect(try remarks(found, of: "odd").contains("too-fast"))
        for each in Self.good { #expect(try remarks(found, of: each.name).isEmpty) }
    }

    @Test func whoReadsTheInstructionTheOtherWayRoundIsSaidToBeReversed() throws {
        let odd = SimulatedAnnotator(
            name: "odd", errors: AnnotatorErrors(temperature: 0.7), criterionName: "worth"
        ) { -Self.worth($0, $1) }
        #expect(try remarks(report(adding: odd), of: "odd").first == "reversed")
    }

    @Test func goldQuestionsGiveABetaPosterior() throws {
        let known = (0..<10).map {
            Vote(
                comparisonID: "g\($0)", annotator: "key", verdict: .left, isGroundTruth: true)
        }
        let answers = (0..<10).map {
            Vote(comparisonID: "g\($0)", annotator: "x", verdict: $0 < 2 ? .left : .right)
        }
        let gold = try #require(
            AgreementReport(known + answers, resamples: 10).annotators[1].gold)
        #expect(gold.share == Share(2, of: 10))
        #expect(isClose(gold.mean, 3.0 / 12))
        #expect(gold.probabilityBelowThreshold > 0.99)
        #expect(
            AgreementReport(known + answers).annotators[1].remarks.map(\.word) == ["fails-gold"])
    }

    @Test func importedAnnotationsThatAreAllGroundTruthAreNoGold() {
        let votes = ["x", "y"].map {
            Vote(comparisonID: "a", annotator: $0, verdict: .left, isGroundTruth: true)
        }
        #expect(AgreementReport(votes, resamples: 10).annotators.allSatisfy { $0.gold == nil })
    }

    @Test func repeatsTellHowAnAnnotatorAgreesWithThemself() throws {
        let pairs: [(Verdict, Verdict, ShownOrder)] = [
            (.left, .left, .rightFirst), (.left, .right, .rightFirst), (.left, .right, .leftFirst),
            (.right, .right, .leftFirst),
        ]
        let votes = pairs.enumerated().flatMap { index, pair in
            [
                Vote(comparisonID: "r\(index)", annotator: "x", verdict: pair.0),
                Vote(
                    comparisonID: "r\(index)", annotator: "x", verdict: pair.1,
                    shownOrder: pair.2),
            ]
        }
        let consistency = AgreementReport(votes, resamples: 10).annotators[0].consistency
        #expect(consistency.same == Share(2, of: 4))
        #expect(consistency.flipsInSameOrder == 1)
        #expect(consistency.flipsWithPlace == 1)
    }

    @Test func aCircleOfThreeAnswersIsCounted() {
        let names = ["a", "b", "c"]
        let pairs = [(0, 1), (1, 2), (0, 2)].map { first, second in
            Comparison(prompt: "p", left: names[first], right: names[second])
        }
        func circles(_ verdicts: [Verdict]) -> Share {
            let votes = zip(pairs, verdicts).map {
                Vote(comparisonID: $0.id, annotator: "x", verdict: $1)
            }
            return AgreementReport(votes, comparisons: pairs, resamples: 10).annotators[0].circles
        }
        #expect(circles([.left, .left, .right]) == Share(1, of: 1))
        #expect(circles([.left, .left, .left]) == Share(0, of: 1))
        #expect(circles([.left, .tie, .left]) == Share(0, of: 0))
    }

    @Test func oneOrderForAllSaysNothingAboutPlaces() throws {
        // Everybody prefers the left answer, which was always shown first.
        let votes = (0..<40).flatMap { index in
            ["x", "y", "z"].map {
                Vote(comparisonID: "c\(index)", annotator: $0, verdict: .left)
            }
        }
        let report = AgreementReport(votes, resamples: 10)
        #expect(!report.isOrderShuffled)
        #expect(report.annotators.allSatisfy { $0.remarks.isEmpty })
    }

    /// Against the definition, written out over all triples.
    @Test(arguments: 0..<10) func circlesAreThoseOfTheDefinition(seed: Int) {
        var random = RandomTexts(seed: seed)
        let edges = (0..<60).map { _ in
            (
                winner: ExactText("\(random.number(below: 9))"),
                loser: ExactText("\(random.number(below: 9))")
            )
        }
        func beats(_ a: Int, _ b: Int) -> Bool {
            edges.contains { $0.winner == ExactText("\(a)") && $0.loser == ExactText("\(b)") }
        }
        func isDecided(_ a: Int, _ b: Int) -> Bool { beats(a, b) != beats(b, a) }
        var expected = (triples: 0, circles: 0)
        for a in 0..<9 {
            for b in 0..<9 where b > a {
                for c in 0..<9
                where c > b && isDecided(a, b) && isDecided(b, c) && isDecided(a, c) {
                    expected.triples += 1
                    let wins = [beats(a, b), beats(b, c), beats(c, a)]
                    if Set(wins).count == 1 { expected.circles += 1 }
                }
            }
        }
        #expect(expected.triples > 0)
        #expect(AnnotatorMeasures.triples(edges) == expected)
    }
}
