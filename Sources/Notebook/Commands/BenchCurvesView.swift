import Autograd
import LanguageModels
import OrderedJSON
import TerminalUI

/// Curves as tables with a sentence each, and as figures by name.
struct BenchCurvesView {
    let bench: Bench
    let curves: [BenchCurve]

    func show(_ console: Console) {
        for curve in curves {
            console.show(table(curve), isReproducible: false)
            for (sentence, style) in sentences(curve) {
                console.say(sentence, style, isReproducible: false)
            }
        }
    }

    private func table(_ curve: BenchCurve) -> Table {
        Table(
            headers: [
                curve.axis.rawValue, "tokens/s", "spread", "MFLOP/token", "GFLOP/s",
                "activations/token", "peak",
            ], alignments: [TextAlignment](repeating: .right, count: 7),
            rows: curve.points.map { point in
                [
                    point.subject.name, formatted(count: Int(point.figures.rate.rounded())),
                    formatted(fraction: point.figures.spread),
                    formatted(point.operationsPerToken / 1e6, significantDigits: 3),
                    formatted((point.figures.operationRate ?? .nan) / 1e9, significantDigits: 3),
                    formatted(bytes: Int(point.bytesPerToken)),
                    point.figures.peakBytes.map { formatted(bytes: $0) } ?? "",
                ]
            })
    }

    private func sentences(_ curve: BenchCurve) -> [(String, Style)] {
        let room = formatted(fraction: BenchCurve.tolerance)
        return [
            curve.keepsPace
                ? ("tokens/s fall no faster than the operations per token grow", .good)
                : (
                    "tokens/s fall faster than the operations per token grow, by more than \(room)",
                    .warning
                ),
            curve.isMemoryLinear
                ? (linearMemory(curve.axis), .good)
                : ("activations grow faster than linearly, by more than \(room)", .warning),
        ]
    }

    private func linearMemory(_ axis: BenchCurve.Axis) -> String {
        switch axis {
        case .width: "activations grow no faster than the width"
        case .length: "activations grow no faster than the tokens, whatever the length"
        }
    }

    /// `{"width": {…}, "length": {…}}`, each with its points and what they say.
    var json: JSON {
        var object = JSONObject([
            ("threads", .integer(bench.plan.threads)), ("shards", .integer(bench.plan.shards)),
            ("tolerance", .number(BenchCurve.tolerance)),
        ])
        for curve in curves { object[curve.axis.rawValue] = json(curve) }
        return .object(object)
    }

    private func json(_ curve: BenchCurve) -> JSON {
        [
            "points": .array(curve.points.map(json)),
            "rate_keeps_pace_with_operations": .bool(curve.keepsPace),
            "memory_is_linear": .bool(curve.isMemoryLinear),
        ]
    }

    private func json(_ point: BenchCurve.Point) -> JSON {
        var object = BenchView.json(point.figures)
        let sizes = point.subject.configuration
        object["width"] = .integer(sizes.width)
        object["length"] = .integer(point.subject.trainingBatch.length)
        object["rows"] = .integer(point.subject.trainingBatch.rows)
        object["parameters"] = .integer(point.subject.parameterCount)
        object["operations_per_token"] = .number(point.operationsPerToken)
        object["activation_bytes_per_token"] = .number(point.bytesPerToken)
        return .object(object)
    }
}
