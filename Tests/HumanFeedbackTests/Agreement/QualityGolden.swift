import Foundation
import OrderedJSON
import Testing

@testable import HumanFeedback

/// Values made by other people's libraries; see Tests/Fixtures/label-quality/README.md.
struct QualityGolden {
    let golden: JSON
    let models: JSON

    init() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/label-quality")
        func read(_ name: String) throws -> JSON {
            try JSON(parsing: Array(try Data(contentsOf: folder.appending(path: name))))
        }
        golden = try read("quality_golden.json")
        models = try read("models.json")
    }

    /// The 12 × 4 matrix: 0 left, 1 right, 2 tie, nil where it is missing.
    var ratings: [[Int?]] {
        get throws {
            let key = try #require(
                golden.objectValue?.keys.first { $0.hasPrefix("ratings") })
            return try #require(golden[key]?.arrayValue).map { row in
                try #require(row.arrayValue).map { cell in
                    cell.intValue == -1 ? nil : cell.intValue
                }
            }
        }
    }

    /// The matrix as votes, annotators w0 to w3 on pairs t0 to t11.
    var votes: [Vote] {
        get throws {
            let verdicts: [Verdict] = [.left, .right, .tie]
            return try ratings.enumerated().flatMap { unit, row in
                row.enumerated().compactMap { annotator, cell in
                    cell.map {
                        Vote(
                            comparisonID: "t\(unit)", annotator: "w\(annotator)",
                            verdict: verdicts[$0])
                    }
                }
            }
        }
    }

    /// The matrix as the models of aggregation take it.
    var matrix: LabelMatrix {
        get throws {
            LabelMatrix(
                units: try ratings.map { row in
                    row.enumerated().compactMap { annotator, cell in
                        cell.map { LabelMatrix.Label(annotator: annotator, label: $0) }
                    }
                }, annotatorCount: 4, labelCount: 3)
        }
    }

    func number(_ keys: String...) throws -> Double {
        var value = golden
        for key in keys { value = try #require(value[key], "no key \(key)") }
        return try #require(value.doubleValue)
    }
}

func isClose(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-6) -> Bool {
    a.map { abs($0 - b) <= tolerance } ?? false
}
