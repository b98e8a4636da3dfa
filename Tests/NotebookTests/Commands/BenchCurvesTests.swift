import Autograd
import LanguageModels
import OrderedJSON
import Testing

@testable import Notebook

@Suite struct BenchCurvesTests {
    private func point(
        width: Int = 128, length: Int = 64, operationRate: Double, bytesPerToken: Int
    ) -> BenchCurve.Point {
        let subject = BenchSubject(
            name: "\(width)",
            configuration: ModelConfiguration(
                vocabularySize: 64, contextLength: length, width: width, layerCount: 1,
                headCount: 1), trainingBatch: (2, length))
        return BenchCurve.Point(
            subject: subject,
            figures: BenchFigures(
                name: .trainingStep, seconds: [1], amount: 1, unit: "tokens",
                operations: operationRate), activationBytes: bytesPerToken * 2 * length)
    }

    private static func subject(width: Int) -> BenchSubject {
        BenchSubject(
            name: "\(width)",
            configuration: ModelConfiguration(
                vocabularySize: 64, contextLength: 16, width: width, layerCount: 1, headCount: 1),
            trainingBatch: (4, 16))
    }

    /// 6 · (1,071,872 - 128 · 128) and 12 · 4 · 128 · 128 / 2.
    @Test func operationsAreThoseOfProductsAndAttention() {
        #expect(
            BenchCurve.Point.operationsPerToken(BenchSizes.tiny.configuration, length: 128)
                == 6 * 1_055_488 + 393_216)
    }

    @Test func aCurveKeepsPaceWhileOperationsASecondDoNotFall() {
        let steady = [10.0, 12, 9.5].map { point(operationRate: $0, bytesPerToken: 100) }
        #expect(BenchCurve(axis: .length, points: steady).keepsPace)
        let falling = [10.0, 12, 8.5].map { point(operationRate: $0, bytesPerToken: 100) }
        #expect(!BenchCurve(axis: .length, points: falling).keepsPace)
        #expect(!BenchCurve(axis: .length, points: []).keepsPace)
    }

    @Test func memoryMayGrowWithTheWidthButNotWithTheLength() {
        let points = [
            point(width: 128, operationRate: 1, bytesPerToken: 100),
            point(width: 256, operationRate: 1, bytesPerToken: 205),
        ]
        #expect(BenchCurve(axis: .width, points: points).isMemoryLinear)
        #expect(!BenchCurve(axis: .length, points: points).isMemoryLinear)
    }

    @Test func theModelsAreThoseOfTheHelpPage() {
        #expect(
            Bench.curveSubjects(.width).map(\.configuration.width) == [128, 256, 512, 1024])
        let lengths = Bench.curveSubjects(.length)
        #expect(lengths.map(\.trainingBatch.length) == [64, 128, 256, 512, 1024])
        #expect(Set(lengths.map { $0.trainingBatch.rows * $0.trainingBatch.length }) == [2048])
    }

    /// In a process of its own, where nothing else asks for memory.
    @Test func pointsAreMeasured() async {
        await #expect(processExitsWith: .success) {
            let bench = Bench(
                plan: ParallelPlan(shards: 2, threads: 1), seed: 1, seconds: 0, readRate: 1e10)
            let subjects = [16, 32].map(Self.subject)
            let curve = bench.curve(.width, subjects) { _, _ in false }
            #expect(curve.points.count == 2)
            // A run at least in every turn.
            for point in curve.points {
                #expect(point.figures.seconds.count >= Bench.curveTurns)
                #expect(point.figures.seconds == point.figures.seconds.sorted())
            }
            let json = BenchCurvesView(bench: bench, curves: [curve]).json
            let points = try #require(json["width"]?["points"]?.arrayValue)
            #expect(points.map { $0["width"]?.intValue } == [16, 32])
            #expect(points.allSatisfy { ($0["gflops"]?.doubleValue ?? 0) > 0 })
            #expect(points.allSatisfy { ($0["activation_bytes_per_token"]?.doubleValue ?? 0) > 0 })
            #expect(json["width"]?["memory_is_linear"]?.boolValue == curve.isMemoryLinear)
        }
    }

    @Test func anInterruptLeavesTheRestOut() {
        let bench = Bench(
            plan: ParallelPlan(shards: 1, threads: 1), seed: 1, seconds: 0, readRate: 1e10)
        let curve = bench.curve(.width, Bench.curveSubjects(.width)) { _, _ in true }
        #expect(curve.points.isEmpty)
        let some = bench.curve(.width, [16, 32].map(Self.subject)) { subject, turn in
            turn == 2 || subject.name == "32"
        }
        #expect(some.points.map(\.subject.name) == ["16"])
    }
}
