extension RowReader {
    /// The prompt of an Alpaca row: the instruction, and the input below it where there is one.
    func instruction(_ tally: inout ReasonTally) throws(RowProblem) -> String {
        let instruction = try string("instruction")
        let input = try optionalString("input") ?? ""
        if input.isEmpty { return instruction }
        tally.add(.joinedInput)
        return instruction + "\n\n" + input
    }
}
