/// Wawa, worker agreement with aggregate: annotators weigh as much as they agree with the majority.
struct AgreementWeights {
    /// The share of an annotator's votes that equal the majority's label; nil without such votes.
    let skills: [Double?]
    /// The share of each label of each unit, votes weighed by their annotators' skills.
    let posterior: [[Double]]

    /// - Parameter majority: The label of each unit; nil where the vote is tied, which then says
    ///   nothing about anybody.
    init(_ matrix: LabelMatrix, majority: [Int?]) {
        var hits = [Int](repeating: 0, count: matrix.annotatorCount)
        var counts = hits
        for (unit, label) in zip(matrix.units, majority) {
            guard let label else { continue }
            for each in unit {
                counts[each.annotator] += 1
                if each.label == label { hits[each.annotator] += 1 }
            }
        }
        let skills = zip(hits, counts).map { $1 == 0 ? nil : Double($0) / Double($1) }
        self.skills = skills
        posterior = matrix.units.map { unit in
            var shares = [Double](repeating: 0, count: matrix.labelCount)
            for each in unit { shares[each.label] += skills[each.annotator] ?? 1 }
            let sum = shares.reduce(0, +)
            // Nobody of them ever agreed with a majority: their votes count as they are.
            if sum == 0 { for each in unit { shares[each.label] += 1 } }
            let total = shares.reduce(0, +)
            return shares.map { $0 / max(total, .leastNormalMagnitude) }
        }
    }
}
