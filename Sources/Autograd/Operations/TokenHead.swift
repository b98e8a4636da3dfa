// The vocabulary-sized head: logits = hidden · tableᵀ, computed a few rows at a time together with what
// is wanted of them. `[tokens, vocabulary]` is never held whole.

/// Rows of logits held at once: enough to use each part of the table many times.
let logitRows = 128

func forEachLogitChunk(of rows: Int, _ body: (_ first: Int, _ rows: Int) -> Void) {
    for first in stride(from: 0, to: rows, by: logitRows) {
        body(first, min(logitRows, rows - first))
    }
}

/// Logits of a chunk of rows.
func fillLogits(
    _ logits: Floats, _ hidden: Tensor, _ table: Tensor, first: Int, rows: Int
) {
    let width = hidden.columns
    unsafe matrixProduct(
        rows: rows, columns: table.rows, inner: width,
        LeftOperand(pointer: hidden.pointer + first &* width, stride: width),
        table.form?.panels.map { unsafe .panels($0) } ?? .transposed(table.pointer, stride: width),
        logits, table.rows, precision: table.form?.precision ?? .f32,
        sharing: table.form?.sharing)
}

/// dHidden = dLogits · table for a chunk of rows.
func fillHiddenGradient(
    _ dHidden: Tensor, _ dLogits: Floats, _ table: Tensor, first: Int, rows: Int, adds: Bool
) {
    let width = dHidden.columns
    unsafe matrixProduct(
        rows: rows, columns: width, inner: table.rows,
        LeftOperand(pointer: dLogits, stride: table.rows),
        table.form?.backwardPanels.map { unsafe .panels($0) }
            ?? .rows(table.pointer, stride: width),
        dHidden.pointer + first &* width, width, ProductFusion(adds: adds),
        precision: table.form?.precision ?? .f32)
}

/// dTable (+)= dLogitsᵀ · hidden for a chunk of rows.
func fillTableGradient(
    _ dTable: Tensor, _ dLogits: Floats, _ hidden: Tensor, first: Int, rows: Int, adds: Bool,
    precision: Precision
) {
    let width = hidden.columns
    unsafe matrixProduct(
        rows: dTable.rows, columns: width, inner: rows,
        LeftOperand(pointer: dLogits, stride: dTable.rows, isTransposed: true),
        .rows(hidden.pointer + first &* width, stride: width), dTable.pointer, width,
        ProductFusion(adds: adds), precision: precision)
}

/// Scores of every token of the vocabulary.
///
/// - Parameters:
///   - hidden: `[rows, width]`.
///   - table: `[vocabulary, width]`, tied to the token embedding in GPT-2.
/// - Returns: `[rows, vocabulary]`, not differentiated.
public func logits(_ hidden: Tensor, table: Tensor) -> Tensor {
    let result = Tensor(uninitialized: Shape(hidden.rows, table.rows))
    unsafe fillLogits(result.pointer, hidden, table, first: 0, rows: hidden.rows)
    return result
}
