import CMatrixKernels

/// The right operand of products, rearranged once into panels of columns that stream from memory, in
/// f32 or bf16.
public final class PackedMatrix {
    /// Columns of a panel.
    static let panelColumns = Int(matrix_panel_columns())

    let inner: Int
    let columns: Int
    let precision: Precision
    let storage: Storage

    /// Bytes of memory that a matrix of `inner` × `columns` takes.
    static func memory(inner: Int, columns: Int, precision: Precision) -> Int {
        let bytes = matrix_packed_bytes(Int64(inner), Int64(columns), precision == .bf16)
        return MemoryPool.bytes(forFloats: (bytes + 3) / 4)
    }

    /// Room for a matrix of `inner` × `columns`, to be filled.
    init(inner: Int, columns: Int, precision: Precision) {
        self.inner = inner
        self.columns = columns
        self.precision = precision
        let bytes = matrix_packed_bytes(Int64(inner), Int64(columns), precision == .bf16)
        storage = MemoryPool.storage(for: (bytes + 3) / 4)
    }

    var panelCount: Int { (columns + Self.panelColumns - 1) / Self.panelColumns }

    /// Bytes that a product reads.
    public var byteCount: Int {
        matrix_packed_bytes(Int64(inner), Int64(columns), precision == .bf16)
    }

    /// Fills some of the panels from a matrix that lies row-major, or (`transposed`) row-major of
    /// its transpose.
    func pack(_ matrix: Tensor, transposed: Bool, panels: Range<Int>) {
        precondition(
            matrix.rows == (transposed ? columns : inner)
                && matrix.columns == (transposed ? inner : columns),
            "PackedMatrix: \(matrix.shape) does not fit \(inner) × \(columns)")
        unsafe matrix_pack(
            matrix.pointer, Int64(matrix.columns),
            transposed ? MATRIX_TRANSPOSED : MATRIX_ROWS, Int64(inner), Int64(columns),
            precision == .bf16, Int64(panels.lowerBound), Int64(panels.upperBound),
            storage.pointer)
    }
}
