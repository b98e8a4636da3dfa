extension Tensor {
    /// The column with the largest element of a row, the lowest one where several are.
    public func likeliest(row: Int) -> Int {
        unsafe indexOfLargest(pointer + row &* columns, columns)
    }

    /// Draws a column of a row with probability softmax(row / temperature), from all columns or from
    /// the likeliest only.
    ///
    /// The row is overwritten by e^((z − max z) / temperature), by 0 where a column is left out.
    ///
    /// - Parameters:
    ///   - temperature: Above 0.
    ///   - topK: Only the k likeliest columns; 0 keeps all.
    ///   - topP: Only the fewest likeliest columns that together reach this probability (Holtzman et
    ///     al. 2019, arXiv:1904.09751), of what `topK` has left; 1 keeps all. Of equally likely
    ///     columns the first stay.
    ///   - uniform: A random number in [0, 1).
    public func draw(
        row: Int, temperature: Float, topK: Int = 0, topP: Float = 1, uniform: Float
    ) -> Int {
        let line = unsafe pointer + row &* columns
        let factor = 1 / temperature
        let shift = unsafe largest(line, columns) * factor
        var total = unsafe exponentiate(line, columns, shift: shift, factor: factor)
        if topK > 0 || topP < 1 {
            let scratch = Tensor(uninitialized: Shape(columns))
            total = unsafe cutTail(
                line, columns, total: total, topK: topK, topP: topP, scratch: scratch.pointer)
        }
        return unsafe indexAtCumulative(line, columns, target: uniform * total)
    }
}
