/// What was measured of a job.
struct BenchFigures {
    let name: BenchJobName
    /// Seconds of each run, fastest first.
    var seconds: [Double]
    /// What a run works through, such as 1,024 tokens.
    let amount: Double
    let unit: String
    /// 6·P for each token of a run; nil where that says nothing.
    var operations: Double?
    /// Seconds of each decoding of the first token, the pass over the prompt with it.
    var firstTokenSeconds: [Double] = []
    /// The rate of products at the job's shapes, in operations a second, measured around it.
    var productRate: Double?
    /// What decoding can do at most here.
    var decodingLimit: DecodingLimit?
    /// The largest resident set of the process during the job.
    var peakBytes: Int?
    /// Memory that the job took for tensors.
    var tensorBytes: Int?
    /// What was estimated for them beforehand; nil for jobs that do not train.
    var estimatedBytes: Int?

    var median: Double { BenchFigures.median(of: seconds) }
    /// The distance of the slowest run from the fastest, as a share of the median.
    var spread: Double { ((seconds.last ?? .nan) - (seconds.first ?? .nan)) / median }
    var rate: Double { amount / median }
    var operationRate: Double? { operations.map { $0 / median } }

    /// The share of the product rate, or of the limit of decoding.
    var fraction: Double? { fractionOfProductRate ?? fractionOfLimit }

    var fractionOfProductRate: Double? {
        guard let operationRate, let productRate, !name.isBF16 else { return nil }
        return operationRate / productRate
    }

    /// The rate at the limit, in the job's own unit a second.
    var limitRate: Double? {
        if let decodingLimit { return decodingLimit.tokensPerSecond }
        guard let operations, let productRate, !name.isBF16 else { return nil }
        return amount * productRate / operations
    }

    /// Tokens a second of the steps after the first token, which read all weights once each.
    var decodingRate: Double? {
        guard let limit = decodingLimit, !firstTokenSeconds.isEmpty else { return nil }
        let stepSeconds = median - BenchFigures.median(of: firstTokenSeconds)
        return stepSeconds > 0 ? (amount - Double(limit.batch)) / stepSeconds : nil
    }

    var fractionOfLimit: Double? {
        guard let decodingRate, let decodingLimit else { return nil }
        return decodingRate / decodingLimit.tokensPerSecond
    }

    static func median(of values: [Double]) -> Double {
        let sorted = values.sorted()
        if sorted.isEmpty { return .nan }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2)
            ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}

/// What bounds decoding: a step reads every weight once and makes one token of each sequence.
struct DecodingLimit {
    /// Sequences that are decoded together.
    let batch: Int
    /// Bytes of the weights that a step reads.
    let weightBytes: Int
    /// 2 for each of those weights.
    let operationsPerToken: Double
    /// Bytes a second read from memory.
    let readRate: Double
    /// Operations a second of products with `batch` rows; nil for a single one, which the reading
    /// of its weights bounds.
    let productRate: Double?

    var tokensPerSecondOfBandwidth: Double { Double(batch) * readRate / Double(weightBytes) }
    var tokensPerSecondOfProducts: Double? { productRate.map { $0 / operationsPerToken } }

    /// The smaller of both.
    var tokensPerSecond: Double {
        min(tokensPerSecondOfBandwidth, tokensPerSecondOfProducts ?? .infinity)
    }
}
