extension TrainingOptions {
    /// The rows of a step: epochs end with a smaller batch when the size does not divide them.
    func batchRows(_ step: Int, order: DataOrder) -> [Int] {
        let perEpoch = batchesPerEpoch(order.count)
        let start = step % perEpoch * batchSize
        let end = min(order.count, start + batchSize)
        return Array(order.epoch(step / perEpoch)[start..<end])
    }

    /// Steps of an epoch over this many rows.
    func batchesPerEpoch(_ rows: Int) -> Int { (rows + batchSize - 1) / batchSize }

    /// Epochs that are done, as the share of rows that were read.
    func epochs(after steps: Int, rows: Int) -> Double {
        let (whole, rest) = steps.quotientAndRemainder(dividingBy: batchesPerEpoch(rows))
        return Double(whole) + Double(rest * batchSize) / Double(rows)
    }
}
