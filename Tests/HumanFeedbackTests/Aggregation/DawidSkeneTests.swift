import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct DawidSkeneTests {
    let golden: QualityGolden

    init() throws { golden = try QualityGolden() }

    @Test func confusionsPriorsAndLabelsEqualCrowdKit() throws {
        let fit = DawidSkene(try golden.matrix, form: .confusion(smoothing: 0))
        let reference = try #require(golden.golden["dawid_skene"])
        for label in 0..<3 {
            #expect(
                isClose(
                    fit.priors[label],
                    try #require(reference["priors"]?["\(label)"]?.doubleValue), 1e-4))
        }
        for unit in 0..<12 {
            let probabilities = try #require(reference["probas"]?["t\(unit)"]?.arrayValue)
            for label in 0..<3 {
                #expect(
                    isClose(
                        fit.posterior[unit][label],
                        try #require(probabilities[label].doubleValue), 1e-4))
            }
            #expect(
                VoteAggregation.likeliest(fit.posterior[unit])
                    == reference["labels"]?["t\(unit)"]?.intValue)
        }
        let errors = try #require(
            reference["errors[worker][observed][true]"]?.objectValue)
        for (annotator, (_, rows)) in errors.enumerated() {
            for (observed, row) in try #require(rows.objectValue) {
                for (label, value) in try #require(row.arrayValue).enumerated() {
                    let ours = fit.errors[annotator][try #require(Int(observed))][label]
                    #expect(isClose(ours, try #require(value.doubleValue), 1e-4))
                }
            }
        }
    }

    @Test func oneCoinSkillsEqualCrowdKit() throws {
        let fit = DawidSkene(try golden.matrix, form: .oneCoin)
        for annotator in 0..<4 {
            #expect(
                isClose(
                    fit.skills[annotator],
                    try golden.number("one_coin_dawid_skene", "skills", "w\(annotator)"), 1e-4))
        }
        for unit in 0..<12 {
            #expect(
                VoteAggregation.likeliest(fit.posterior[unit])
                    == golden.golden["one_coin_dawid_skene"]?["labels"]?["t\(unit)"]?.intValue)
        }
    }

    @Test func knownLabelsStay() throws {
        var known = [Int?](repeating: nil, count: 12)
        known[0] = 1
        let fit = DawidSkene(try golden.matrix, form: .oneCoin, known: known)
        #expect(fit.posterior[0] == [0, 1, 0])
    }
}
