import Foundation

/// `Fixtures/evaluation/assessment.json`, written by `References/assessment.py`.
struct AssessmentReference: Decodable {
    struct Fit: Decodable {
        let intercept, slope: Double
        let rate: Double?
    }

    struct LengthControlled: Decodable {
        let name: String
        let outcomes: [Double]
        let lengths, baselineLengths: [Int]
        let plain: Fit?
        let ridge: Fit

        /// The regression's feature, as the script computes it.
        var feature: [Double] {
            let differences = zip(lengths, baselineLengths).map { Double($0 - $1) }
            let mean = differences.reduce(0, +) / Double(differences.count)
            let squares = differences.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
            let deviation = (squares / Double(differences.count - 1)).squareRoot()
            return differences.map { tanh($0 / deviation) }
        }
    }

    struct BestOfN: Decodable {
        let n: Int
        let scores: [Float]
        let values: [Double]
        let expected: Double
    }

    struct Repetition: Decodable {
        let length: Int
        let completions: [[Int]]
        let rate: Double
    }

    let lengthControlled: [LengthControlled]
    let bestOfN: [BestOfN]
    let repetition: [Repetition]

    static func load() throws -> AssessmentReference {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "Fixtures/evaluation/assessment.json")
        return try JSONDecoder().decode(AssessmentReference.self, from: Data(contentsOf: file))
    }
}
