import COneDNN

typealias Floats = UnsafeMutablePointer<Float>
typealias Lanes = SIMD16<Float>

/// Row-major C = alpha · op(A) · op(B) + beta · C, with op(A) `rows` × `inner` and op(B) `inner` ×
/// `columns`; strides are the lengths of stored rows, so slices and heads need no copies.
func matrixProduct(
    rows: Int, columns: Int, inner: Int,
    _ a: Floats, _ aStride: Int, transposeA: Bool = false,
    _ b: Floats, _ bStride: Int, transposeB: Bool = false,
    alpha: Float = 1, beta: Float, _ c: Floats, _ cStride: Int
) {
    if rows == 0 || columns == 0 { return }
    if inner == 0 {
        // The library leaves C as it is, uninitialized memory with it.
        for row in 0..<rows {
            let line = unsafe c + row &* cStride
            if beta == 0 {
                unsafe line.update(repeating: 0, count: columns)
            } else {
                unsafe scale(line, beta, columns)
            }
        }
        return
    }
    let status = unsafe onednn_matrix_product(
        transposeA, transposeB, Int64(rows), Int64(columns), Int64(inner), alpha, a, Int64(aStride),
        b, Int64(bStride), beta, c, Int64(cStride))
    precondition(status == 0, "oneDNN refused a product of \(rows) × \(columns) × \(inner)")
}
