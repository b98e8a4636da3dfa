import CMatrixKernels

typealias Floats = UnsafeMutablePointer<Float>
typealias Lanes = SIMD16<Float>

/// The left operand of a product: row-major, or row-major of its transpose; strides are the lengths
/// of stored rows, so slices and heads need no copies.
@unsafe struct LeftOperand {
    var pointer: Floats
    var stride: Int
    var isTransposed = false
}

/// The right operand of a product.
@unsafe struct RightOperand {
    var pointer: Floats
    var stride: Int
    var layout: matrix_layout

    /// Row-major, `inner` × `columns`.
    static func rows(_ pointer: Floats, stride: Int) -> RightOperand {
        unsafe RightOperand(pointer: pointer, stride: stride, layout: MATRIX_ROWS)
    }

    /// Row-major of the transpose, `columns` × `inner`.
    static func transposed(_ pointer: Floats, stride: Int) -> RightOperand {
        unsafe RightOperand(pointer: pointer, stride: stride, layout: MATRIX_TRANSPOSED)
    }

    static func panels(_ panels: PackedMatrix) -> RightOperand {
        unsafe RightOperand(pointer: panels.storage.pointer, stride: 0, layout: MATRIX_PANELS)
    }
}

/// What a product starts from and what follows it, while its values are in the cache.
@unsafe struct ProductFusion {
    /// Adds to what stands in the result.
    var adds = false
    /// `[columns]`, added to every row.
    var bias: Floats?
    /// `rows` × `columns`, added after the product.
    var residual: Floats?
    /// `rows` × `columns`, receives gelu(result); may be the result itself.
    var activated: Floats?
}

/// result = start + left · right, each element one chain of multiply-adds in the order of the inner
/// index: a row has the same bits whatever stands beside it.
///
/// - Parameter sharing: Threads that cut the columns among them.
func matrixProduct(
    rows: Int, columns: Int, inner: Int, _ left: LeftOperand, _ right: RightOperand,
    _ result: Floats, _ resultStride: Int, _ fusion: ProductFusion = unsafe ProductFusion(),
    precision: Precision = .f32, sharing: ParallelPlan? = nil
) {
    var product = unsafe matrix_product()
    unsafe product.rows = Int64(rows)
    unsafe product.columns = Int64(columns)
    unsafe product.inner = Int64(inner)
    unsafe product.a = UnsafePointer(left.pointer)
    unsafe product.a_stride = Int64(left.stride)
    unsafe product.a_transposed = left.isTransposed
    unsafe product.b = UnsafeRawPointer(right.pointer)
    unsafe product.b_stride = Int64(right.stride)
    unsafe product.b_layout = right.layout
    unsafe product.c = result
    unsafe product.c_stride = Int64(resultStride)
    unsafe product.start =
        fusion.adds
        ? MATRIX_FROM_RESULT : (fusion.bias == nil ? MATRIX_FROM_ZERO : MATRIX_FROM_BIAS)
    unsafe product.bias = UnsafePointer(fusion.bias)
    unsafe product.residual = UnsafePointer(fusion.residual)
    unsafe product.residual_stride = Int64(columns)
    unsafe product.activated = fusion.activated
    unsafe product.activated_stride = Int64(columns)
    unsafe product.bf16 = precision == .bf16
    guard let sharing, sharing.threads > 1 else {
        unsafe matrix_multiply(&product, 0, Int64(columns))
        return
    }
    let panels = (columns + PackedMatrix.panelColumns - 1) / PackedMatrix.panelColumns
    let parts = min(panels, 2 * sharing.threads)
    unsafe sharing.run(parts, ProductParts(product: product, panels: panels, parts: parts))
}

/// A product whose columns are cut among threads.
@safe private struct ProductParts: SharedWork {
    let product: matrix_product
    let panels, parts: Int

    func run(_ part: Int) {
        let first = panels * part / parts * PackedMatrix.panelColumns
        let end = panels * (part + 1) / parts * PackedMatrix.panelColumns
        unsafe withUnsafePointer(to: product) {
            unsafe matrix_multiply($0, Int64(first), min($0.pointee.columns, Int64(end)))
        }
    }
}
