import Testing

@testable import Autograd

/// Every element is one chain of fused multiply-adds in the order of the inner index, so three loops
/// give its bits, whatever the sizes, layouts and threads.
@Suite("Matrix product")
struct MatrixProductTests {
    struct Sizes: Sendable, CustomTestStringConvertible {
        let rows, columns, inner: Int
        let precision: Precision

        var testDescription: String { "\(rows)×\(inner) · \(inner)×\(columns), \(precision)" }

        var example: ProductExample {
            ProductExample(rows: rows, columns: columns, inner: inner, precision: precision)
        }
    }

    /// Around the heights of tiles, the columns of a panel and the inner indices of a block; the last two
    /// have more rows than the tiles that are copied together, and more columns than a block.
    static let sizes = [
        (1, 1, 1), (1, 33, 17), (15, 17, 33), (33, 1, 15), (17, 31, 2), (14, 32, 16), (13, 33, 31),
        (29, 65, 1), (64, 48, 5), (5, 401, 33), (2, 17, 384), (3, 33, 385), (16, 40, 770),
        (83, 35, 261), (7, 803, 259),
    ].flatMap { sizes in
        Precision.allCases.filter(\.isSupported).map {
            Sizes(rows: sizes.0, columns: sizes.1, inner: sizes.2, precision: $0)
        }
    }

    @Test("is that of three loops in every layout, on any number of threads", arguments: sizes)
    func layouts(sizes: Sizes) {
        let example = sizes.example
        let expected = example.product { _, _ in 0 }
        let first = example.computed(.rows)
        if sizes.precision == .f32 {
            #expect(sameBits(first, expected))
        } else {
            // Pairs of bf16 products are added in an order of the processor's own.
            expectClose(first, expected, within: 1e-6)
        }
        for transposedLeft in [false, true] {
            for layout in ProductExample.Layout.allCases {
                for threads in [1, 3] {
                    let found = example.computed(
                        transposedLeft: transposedLeft, layout, threads: threads)
                    #expect(sameBits(found, first), "\(layout), \(threads) threads")
                }
            }
        }
    }

    @Test("has rows with the same bits alone and among others", arguments: sizes)
    func rowsAlone(sizes: Sizes) {
        let example = sizes.example
        let whole = example.computed(.rows)
        for row in 0..<sizes.rows {
            let alone = example.computed(.panels, rows: row..<(row + 1))
            let expected = Array(whole[(row * sizes.columns)..<((row + 1) * sizes.columns)])
            #expect(sameBits(alone, expected), "row \(row)")
        }
    }

    @Test("starts from what is there or from a bias, adds a residual, applies GELU")
    func fusions() {
        let (rows, columns, inner) = (17, 49, 33)
        let example = ProductExample(rows: rows, columns: columns, inner: inner, precision: .f32)
        let (a, b) = (Tensor(example.a), Tensor(example.b))
        let (bias, residual) = (
            Tensor(normals(columns, "bias")), Tensor(normals(rows * columns, "residual"))
        )
        let before = normals(rows * columns, "before")
        let c = Tensor(before)
        func run(_ fusion: ProductFusion) {
            unsafe matrixProduct(
                rows: rows, columns: columns, inner: inner,
                LeftOperand(pointer: a.pointer, stride: inner), .rows(b.pointer, stride: columns),
                c.pointer, columns, fusion)
        }
        unsafe run(ProductFusion(adds: true))
        #expect(sameBits(c.array, example.product { before[$0 * columns + $1] }))

        let activated = Tensor(zeros: [rows, columns])
        unsafe run(
            ProductFusion(
                bias: bias.pointer, residual: residual.pointer, activated: activated.pointer))
        let biases = bias.array
        let sums = zip(example.product { biases[$1] }, residual.array).map { $0 + $1 }
        #expect(sameBits(c.array, sums))
        // GELU in place gives the same.
        unsafe run(
            ProductFusion(bias: bias.pointer, residual: residual.pointer, activated: c.pointer))
        #expect(sameBits(c.array, activated.array))
        #expect(activated.array != sums)
    }

    @Test("without inner indices is what it starts from")
    func noInnerIndex() {
        let bias = Tensor(normals(33, "bias"))
        let c = Tensor([Float](repeating: .nan, count: 66))
        func run(_ fusion: ProductFusion) {
            unsafe matrixProduct(
                rows: 2, columns: 33, inner: 0, LeftOperand(pointer: c.pointer, stride: 1),
                .rows(c.pointer, stride: 33), c.pointer, 33, fusion)
        }
        unsafe run(ProductFusion(bias: bias.pointer))
        #expect(c.array == bias.array + bias.array)
        unsafe run(ProductFusion())
        #expect(c.array == [Float](repeating: 0, count: 66))
    }

    private func sameBits(_ a: [Float], _ b: [Float]) -> Bool {
        a.map(\.bitPattern) == b.map(\.bitPattern)
    }
}
