import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct ConjugateGradientTests {
    /// Rosenbrock's valley in any number of dimensions; its minimum is 0 at (1, …, 1).
    private func rosenbrock(_ x: [Double]) -> (value: Double, gradient: [Double]) {
        var value = 0.0
        var gradient = [Double](repeating: 0, count: x.count)
        for i in 0..<(x.count - 1) {
            let rise = x[i + 1] - x[i] * x[i]
            value += 100 * rise * rise + (1 - x[i]) * (1 - x[i])
            gradient[i] += -400 * x[i] * rise - 2 * (1 - x[i])
            gradient[i + 1] += 200 * rise
        }
        return (value, gradient)
    }

    /// Twenty steps, each as long as scipy's.
    @Test func itTakesTheStepsOfScipy() throws {
        let path = try #require(
            QualityGolden().models["conjugate_gradient_rosenbrock"]?.arrayValue)
        for (count, point) in path.enumerated() {
            let place = ConjugateGradient(gradientTolerance: 1e-5, iterations: count + 1)
                .minimize(from: [-1.2, 1, 0.5], rosenbrock)
            for (ours, theirs) in zip(place.point, try #require(point.arrayValue)) {
                #expect(isClose(ours, try #require(theirs.doubleValue), 1e-6))
            }
        }
    }

    @Test func itFindsTheMinimum() {
        let place = ConjugateGradient(gradientTolerance: 1e-7, iterations: 500)
            .minimize(from: [-1.2, 1, 0.5], rosenbrock)
        #expect(place.point.allSatisfy { isClose($0, 1, 1e-6) })
        #expect(place.gradient.allSatisfy { abs($0) <= 1e-7 })
    }

    @Test func aMinimumIsNotLeft() {
        let place = ConjugateGradient(gradientTolerance: 1e-7, iterations: 500)
            .minimize(from: [1, 1], rosenbrock)
        #expect(place.point == [1, 1])
    }

    /// On x²/2 + 5 y² in exact arithmetic two steps would do.
    @Test func aBowlTakesFewSteps() {
        let place = ConjugateGradient(gradientTolerance: 1e-6, iterations: 40)
            .minimize(from: [3, -2]) { x in
                (x[0] * x[0] / 2 + 5 * x[1] * x[1], [x[0], 10 * x[1]])
            }
        #expect(place.point.allSatisfy { abs($0) < 1e-5 })
    }
}
