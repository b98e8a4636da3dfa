import Glibc

/// A minimum of a smooth function, found along conjugate directions.
///
///     d ← −g' + max(0, (g' − g)·g' / g·g) d
///
/// E. Polak, G. Ribière 1969 with M. J. D. Powell's restarts, a strong Wolfe step along every direction, and
/// the check that the next one descends (J. C. Gilbert, J. Nocedal 1992). Constants and first steps are those
/// of scipy's `CG`, so that fits which stop early can be compared with its own number by number.
struct ConjugateGradient {
    /// The largest element of the gradient that counts as none.
    var gradientTolerance: Double
    /// Directions at most.
    var iterations: Int

    struct Place {
        let point: [Double]
        let value: Double
        let gradient: [Double]
    }

    /// - Parameter function: The value and the gradient at a point.
    /// - Returns: The last place; a line without a lower place ends the search.
    func minimize(
        from start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double])
    ) -> Place {
        func look(at point: [Double]) -> Place {
            let (value, gradient) = function(point)
            return Place(point: point, value: value, gradient: gradient)
        }
        var place = look(at: start)
        var previous = place.value + dot(place.gradient, place.gradient).squareRoot() / 2
        var direction = place.gradient.map { -$0 }
        for _ in 0..<iterations {
            if largest(place.gradient) <= gradientTolerance { break }
            let slope = dot(place.gradient, direction)
            let guess = 1.01 * 2 * (place.value - previous) / slope
            var search = StepSearch(
                from: StepSearch.Trial(step: 0, value: place.value, slope: slope))
            var seen = place
            let found = search.find(from: guess < 0 ? 1 : min(1, guess)) { step in
                seen = look(at: zip(place.point, direction).map { $0 + step * $1 })
                return StepSearch.Trial(
                    step: step, value: seen.value, slope: dot(seen.gradient, direction))
            }
            guard found != nil else { break }
            let turn = zip(seen.gradient, place.gradient).map { $0 - $1 }
            let share = max(
                0, dot(turn, seen.gradient) / dot(place.gradient, place.gradient))
            direction = zip(seen.gradient, direction).map { -$0 + share * $1 }
            let steepness = dot(seen.gradient, seen.gradient)
            if dot(direction, seen.gradient) > -0.01 * steepness {
                direction = seen.gradient.map { -$0 }
            }
            previous = place.value
            place = seen
        }
        return place
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }

    private func largest(_ values: [Double]) -> Double {
        values.reduce(0) { max($0, abs($1)) }
    }
}
