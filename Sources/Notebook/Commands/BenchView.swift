import Autograd
import OrderedJSON
import TerminalUI

/// Measurements as a table and as figures by name.
struct BenchView {
    let subject: BenchSubject
    let bench: Bench
    let figures: [BenchFigures]

    func show(_ console: Console) {
        console.show(facts, isReproducible: false)
        console.show(table, isReproducible: false)
    }

    private var facts: KeyValueList {
        var facts = [
            ("model", "\(subject.name), \(formatted(count: subject.parameterCount)) parameters"),
            ("threads, shards", "\(bench.plan.threads), \(bench.plan.shards)"),
            ("instruction set", "\(KernelTarget.name), oneDNN \(KernelTarget.oneDNNVersion)"),
            ("memory read", "\(Self.giga(bench.readRate)) GB/s"),
        ]
        if let first = figures.first(where: { $0.productRate != nil }), let rate = first.productRate
        {
            facts.append(
                ("products in f32", "\(Self.giga(rate)) GFLOP/s as in \(first.name.rawValue)"))
        }
        facts.append(("memory of tensors", formatted(bytes: tensorBytes)))
        return KeyValueList(facts)
    }

    /// The largest of any job.
    private var tensorBytes: Int { figures.compactMap(\.tensorBytes).max() ?? 0 }

    private var table: Table {
        Table(
            headers: ["job", "median", "spread", "rate", "limit", "fraction", "peak"],
            alignments: [.left] + [TextAlignment](repeating: .right, count: 6),
            rows: figures.map { each in
                [
                    each.name.rawValue, formatted(seconds: each.median),
                    formatted(fraction: each.spread),
                    each.name == .start ? "" : "\(Self.rate(each.rate)) \(each.unit)/s",
                    each.limitRate.map(Self.rate) ?? "", fraction(each),
                    each.peakBytes.map { formatted(bytes: $0) } ?? "",
                ]
            })
    }

    private func fraction(_ figures: BenchFigures) -> String {
        if let fraction = figures.fraction { return formatted(fraction, decimals: 2) }
        return timesF32(figures).map { "× " + formatted($0, decimals: 2) } ?? ""
    }

    /// How much faster a job in bf16 is than the same in f32, where both were measured.
    func timesF32(_ figures: BenchFigures) -> Double? {
        figures.name.inF32.flatMap { name in self.figures.first { $0.name == name } }
            .map { figures.rate / $0.rate }
    }

    private static func rate(_ value: Double) -> String {
        value >= 100 ? formatted(count: Int(value.rounded())) : formatted(value)
    }

    private static func giga(_ value: Double) -> String {
        formatted(value / 1e9, significantDigits: 3)
    }

    /// One object; each job's figures under its name with underscores.
    var json: JSON {
        var object = JSONObject([
            ("model", .string(subject.name)), ("parameters", .integer(subject.parameterCount)),
            ("threads", .integer(bench.plan.threads)), ("shards", .integer(bench.plan.shards)),
            ("instruction_set", .string(KernelTarget.name)),
            ("onednn", .string(KernelTarget.oneDNNVersion)),
            ("read_gb_per_second", .number(bench.readRate / 1e9)),
            ("tensor_bytes", .integer(tensorBytes)),
        ])
        for each in figures {
            var job = Self.json(each)
            job["times_f32"] = timesF32(each).map { .number($0) }
            object[each.name.key] = .object(job)
        }
        return .object(object)
    }

    /// The figures of one job.
    static func json(_ figures: BenchFigures) -> JSONObject {
        var job = JSONObject([
            ("runs", .integer(figures.seconds.count)),
            ("median_seconds", .number(figures.median)),
            ("fastest_seconds", .number(figures.seconds.first ?? .nan)),
            ("slowest_seconds", .number(figures.seconds.last ?? .nan)),
            ("\(figures.unit)_per_second", .number(figures.rate)),
        ])
        job["gflops"] = figures.operationRate.map { .number($0 / 1e9) }
        job["product_gflops"] = figures.productRate.map { .number($0 / 1e9) }
        job["fraction_of_product_rate"] = figures.fractionOfProductRate.map { .number($0) }
        if let limit = figures.decodingLimit {
            job["decoding_tokens_per_second"] = figures.decodingRate.map { .number($0) }
            job["read_gb_per_second"] = .number(limit.readRate / 1e9)
            job["limit_tokens_per_second"] = .number(limit.tokensPerSecond)
            job["fraction_of_limit"] = figures.fractionOfLimit.map { .number($0) }
            job["fraction_of_bandwidth"] = figures.decodingRate.map {
                .number($0 / limit.tokensPerSecondOfBandwidth)
            }
        }
        job["peak_bytes"] = figures.peakBytes.map { .integer($0) }
        job["tensor_bytes"] = figures.tensorBytes.map { .integer($0) }
        job["estimated_tensor_bytes"] = figures.estimatedBytes.map { .integer($0) }
        return job
    }
}
