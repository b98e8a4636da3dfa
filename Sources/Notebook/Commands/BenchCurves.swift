import Alignment
import Autograd
import LanguageModels

/// How the cost of a training step grows: with the width of a model and with the length of rows.
struct BenchCurve {
    enum Axis: String {
        case width, length
    }

    /// A model and a batch along the curve.
    struct Point {
        let subject: BenchSubject
        var figures: BenchFigures
        /// Tensors at their largest beyond parameters, moments and gradients, in bytes.
        let activationBytes: Int
    }

    let axis: Axis
    let points: [Point]

    /// Rows have this much room around the first point, since machines are noisy.
    static let tolerance = 0.1

    /// Whether tokens a second fall no faster than operations a token grow: no point has fewer
    /// operations a second than the first.
    var keepsPace: Bool {
        guard let first = points.first?.figures.operationRate else { return false }
        return points.allSatisfy { ($0.figures.operationRate ?? 0) >= (1 - Self.tolerance) * first }
    }

    /// Whether activations a token stay the same with the length, or grow no faster than the width.
    var isMemoryLinear: Bool {
        func cost(_ point: Point) -> Double {
            axis == .width
                ? point.bytesPerToken / Double(point.subject.configuration.width)
                : point.bytesPerToken
        }
        guard let first = points.first.map(cost) else { return false }
        return points.allSatisfy { cost($0) <= (1 + Self.tolerance) * first }
    }
}

extension BenchCurve.Point {
    var tokenCount: Int { subject.trainingBatch.rows * subject.trainingBatch.length }
    var bytesPerToken: Double { Double(activationBytes) / Double(tokenCount) }
    var operationsPerToken: Double {
        Self.operationsPerToken(subject.configuration, length: subject.trainingBatch.length)
    }

    /// Operations of a training step for a token of a row of `length` tokens.
    ///
    ///     6 · P + 12 · layers · width · length / 2
    ///
    /// P are the parameters in products: all but the position table. Attention has two products
    /// (q · kᵀ and p · v) with 2 · width operations for each visible token, on average half of the
    /// row, and the way back costs twice the way forward.
    static func operationsPerToken(_ configuration: ModelConfiguration, length: Int) -> Double {
        let sizes = BenchSubject(name: "", configuration: configuration)
        return 6 * Double(sizes.decodingWeightCount)
            + 6 * Double(configuration.layerCount * configuration.width * length)
    }
}

extension Bench {
    /// Widths 128 to 1024, 4 layers, 2,048 tokens in the vocabulary, 16 rows of 64 tokens.
    static let curveWidths = [128, 256, 512, 1024]
    /// Lengths 64 to 1024 at width 128, 2,048 tokens a batch.
    static let curveLengths = [64, 128, 256, 512, 1024]

    static func curveSubjects(_ axis: BenchCurve.Axis) -> [BenchSubject] {
        func subject(width: Int, rows: Int, length: Int) -> BenchSubject {
            BenchSubject(
                name: axis == .width ? "\(width)" : "\(length)",
                configuration: ModelConfiguration(
                    vocabularySize: 2048, contextLength: length, width: width, layerCount: 4,
                    headCount: max(1, width / 64)),
                trainingBatch: (rows, length))
        }
        return switch axis {
        case .width: curveWidths.map { subject(width: $0, rows: 16, length: 64) }
        case .length: curveLengths.map { subject(width: 128, rows: 2048 / $0, length: $0) }
        }
    }

    /// A curve is walked so many times, with its part of the time each: a machine that is slower for a
    /// while is slower for all points.
    static let curveTurns = 5

    /// Training steps of these models, in turn.
    ///
    /// - Parameter isStopped: Asked before each measurement, turns counted from 1; true leaves out what
    ///   is not there yet.
    func curve(
        _ axis: BenchCurve.Axis, _ subjects: [BenchSubject],
        isStopped: (_ subject: BenchSubject, _ turn: Int) -> Bool
    ) -> BenchCurve {
        var points: [BenchCurve.Point] = []
        for turn in 1...Self.curveTurns {
            for (place, subject) in subjects.enumerated() {
                if isStopped(subject, turn) { return BenchCurve(axis: axis, points: points) }
                let measured = point(subject)
                if turn == 1 {
                    points.append(measured)
                } else {
                    points[place].figures.seconds =
                        (points[place].figures.seconds + measured.figures.seconds).sorted()
                }
            }
        }
        return BenchCurve(axis: axis, points: points)
    }

    /// One turn of a point; its memory is that of the first.
    private func point(_ subject: BenchSubject) -> BenchCurve.Point {
        PeakMemory.reset()
        var figures = trainingStep(.trainingStep, subject, turns: Self.curveTurns)
        figures.peakBytes = PeakMemory.bytes
        figures.tensorBytes = MemoryPool.allocatedBytes
        let tokens = subject.trainingBatch.rows * subject.trainingBatch.length
        figures.operations =
            Double(tokens)
            * BenchCurve.Point.operationsPerToken(
                subject.configuration, length: subject.trainingBatch.length)
        let held = memory(.trainingStep, subject).map { $0.tensors - $0.activations } ?? 0
        return BenchCurve.Point(
            subject: subject, figures: figures,
            activationBytes: max(0, (figures.tensorBytes ?? 0) - held))
    }
}
