import Testing

@testable import Autograd

@Suite("Matrix product")
struct MatrixProductTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let rows, columns, inner: Int
        let transposeA, transposeB: Bool
        var testDescription: String {
            "\(rows)×\(inner)\(transposeA ? "ᵀ" : "") · \(inner)×\(columns)\(transposeB ? "ᵀ" : "")"
        }
    }

    static let examples = [
        (1, 1, 1), (15, 17, 33), (33, 1, 15), (1, 33, 17), (64, 48, 5), (3, 2, 0),
    ]
    .flatMap { sizes in
        [(false, false), (true, false), (false, true), (true, true)].map {
            Example(
                rows: sizes.0, columns: sizes.1, inner: sizes.2, transposeA: $0.0,
                transposeB: $0.1)
        }
    }

    /// Padding after each stored row must be skipped on reading and kept on writing.
    @Test("agrees with three loops in double precision, with strides", arguments: examples)
    func agrees(_ e: Example) {
        let pad = 3
        let aStride = (e.transposeA ? e.rows : e.inner) + pad
        let bStride = (e.transposeB ? e.inner : e.columns) + pad
        let cStride = e.columns + pad
        let a = Tensor(normals((e.transposeA ? e.inner : e.rows) * aStride, "a"))
        let b = Tensor(normals((e.transposeB ? e.columns : e.inner) * bStride, "b"))
        let before = normals(e.rows * cStride, "c")
        let (av, bv) = (a.array, b.array)
        var worst = 0.0
        for beta: Float in [0, 1, 0.5] {
            // With β = 0 whatever was there is not read, not even NaN.
            let c = Tensor(beta == 0 ? before.map { _ in Float.nan } : before)
            unsafe matrixProduct(
                rows: e.rows, columns: e.columns, inner: e.inner, a.pointer, aStride,
                transposeA: e.transposeA, b.pointer, bStride, transposeB: e.transposeB, alpha: -2,
                beta: beta, c.pointer, cStride)
            let found = c.array
            for row in 0..<e.rows {
                for column in 0..<cStride {
                    let place = row * cStride + column
                    if column >= e.columns {
                        #expect(beta == 0 ? found[place].isNaN : found[place] == before[place])
                        continue
                    }
                    var sum = 0.0
                    for k in 0..<e.inner {
                        let x = av[e.transposeA ? k * aStride + row : row * aStride + k]
                        let y = bv[e.transposeB ? column * bStride + k : k * bStride + column]
                        sum += Double(x) * Double(y)
                    }
                    let start = beta == 0 ? 0 : Double(beta) * Double(before[place])
                    worst = max(worst, abs(Double(found[place]) - (start - 2 * sum)))
                }
            }
        }
        #expect(worst < 2e-5)
    }
}
