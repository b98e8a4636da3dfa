@testable import Autograd

/// The operands of a product in all layouts; gaps after stored rows hold NaN, which must not be read.
final class ProductExample {
    /// Layouts of the right operand.
    enum Layout: CaseIterable { case rows, transposed, panels, panelsOfTransposed }

    private static let gap = 3
    let rows, columns, inner: Int
    let precision: Precision
    let a, b: [Float]
    /// Operands in use: their memory must outlive the product.
    private var stored: [Tensor] = []

    init(rows: Int, columns: Int, inner: Int, precision: Precision) {
        self.rows = rows
        self.columns = columns
        self.inner = inner
        self.precision = precision
        a = normals(rows * inner, "a")
        b = normals(inner * columns, "b")
    }

    /// Three loops over the rounded operands, each element one chain of fused multiply-adds.
    func product(from start: (_ row: Int, _ column: Int) -> Float) -> [Float] {
        (0..<(rows * columns)).map { element in
            let (row, column) = (element / columns, element % columns)
            return (0..<inner).reduce(start(row, column)) { sum, k in
                sum.addingProduct(rounded(a[row * inner + k]), rounded(b[k * columns + column]))
            }
        }
    }

    /// To the nearest with 8 bits of mantissa, ties to even.
    private func rounded(_ x: Float) -> Float {
        if precision == .f32 { return x }
        let bits = x.bitPattern
        return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
    }

    /// The product as the kernels compute it.
    ///
    /// - Parameter part: The rows to compute, all others left out.
    func computed(
        transposedLeft: Bool = false, _ layout: Layout, threads: Int = 1,
        rows part: Range<Int>? = nil
    ) -> [Float] {
        let part = part ?? 0..<rows
        let left = Array(a[(part.lowerBound * inner)..<(part.upperBound * inner)])
        let packed = PackedMatrix(inner: inner, columns: columns, precision: precision)
        let right: RightOperand
        switch layout {
        case .rows: unsafe right = .rows(store(b, inner, columns), stride: columns + Self.gap)
        case .transposed:
            unsafe right = .transposed(
                store(b, inner, columns, transposed: true), stride: inner + Self.gap)
        case .panels:
            packed.pack(
                Tensor(b, shape: [inner, columns]), transposed: false, panels: 0..<packed.panelCount
            )
            unsafe right = .panels(packed)
        case .panelsOfTransposed:
            let turned = (0..<(columns * inner)).map { b[$0 % inner * columns + $0 / inner] }
            packed.pack(
                Tensor(turned, shape: [columns, inner]), transposed: true,
                panels: 0..<packed.panelCount)
            unsafe right = .panels(packed)
        }
        let stride = columns + Self.gap
        let result = Tensor([Float](repeating: .nan, count: part.count * stride))
        unsafe matrixProduct(
            rows: part.count, columns: columns, inner: inner,
            LeftOperand(
                pointer: store(left, part.count, inner, transposed: transposedLeft),
                stride: (transposedLeft ? part.count : inner) + Self.gap,
                isTransposed: transposedLeft),
            right, result.pointer, stride, precision: precision,
            sharing: ParallelPlan(threads: threads))
        stored = []
        let values = result.array
        // What lies between the rows of the result is not written.
        precondition((0..<part.count).allSatisfy { values[$0 * stride + columns].isNaN })
        return withExtendedLifetime(packed) {
            (0..<part.count).flatMap { values[($0 * stride)..<($0 * stride + columns)] }
        }
    }

    /// A matrix, or its transpose, with a gap after each row.
    private func store(
        _ values: [Float], _ rows: Int, _ columns: Int, transposed: Bool = false
    ) -> Floats {
        let (lines, length) = transposed ? (columns, rows) : (rows, columns)
        var result = [Float](repeating: .nan, count: lines * (length + Self.gap))
        for row in 0..<rows {
            for column in 0..<columns {
                let (line, place) = transposed ? (column, row) : (row, column)
                result[line * (length + Self.gap) + place] = values[row * columns + column]
            }
        }
        stored.append(Tensor(result))
        return unsafe stored[stored.count - 1].pointer
    }
}
