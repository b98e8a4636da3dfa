extension Tensor {
    /// The column with the largest element of a row, the lowest one where several are.
    public func likeliest(row: Int) -> Int {
        unsafe indexOfLargest(pointer + row &* columns, columns)
    }

    /// Draws a column of a row with probability softmax(row / temperature).
    ///
    /// The row is overwritten by e^((z − max z) / temperature).
    ///
    /// - Parameters:
    ///   - temperature: Above 0.
    ///   - uniform: A random number in [0, 1).
    public func draw(row: Int, temperature: Float, uniform: Float) -> Int {
        let line = unsafe pointer + row &* columns
        let factor = 1 / temperature
        let shift = unsafe largest(line, columns) * factor
        let total = unsafe exponentiate(line, columns, shift: shift, factor: factor)
        return unsafe indexAtCumulative(line, columns, target: uniform * total)
    }

    /// The elements of a row, copied out.
    public func row(_ row: Int) -> [Float] {
        let columns = columns
        return unsafe [Float](
            UnsafeBufferPointer(start: pointer + row &* columns, count: columns))
    }
}
