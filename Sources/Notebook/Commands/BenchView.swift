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
        KeyValueList([
            ("model", "\(subject.name), \(formatted(count: subject.parameterCount)) parameters"),
            ("threads, shards", "\(bench.plan.threads), \(bench.plan.shards)"),
            ("instruction set", "\(KernelTarget.name), oneDNN \(KernelTarget.oneDNNVersion)"),
            ("memory read", "\(giga(bench.readRate)) GB/s"),
            ("memory of tensors", formatted(bytes: MemoryPool.allocatedBytes)),
        ])
    }

    private var table: Table {
        Table(
            headers: ["job", "median", "spread", "rate", "GFLOP/s", "products", "fraction"],
            alignments: [.left, .right, .right, .right, .right, .right, .right],
            rows: figures.map { each in
                let rate = each.rate
                return [
                    each.name.rawValue, formatted(seconds: each.median),
                    formatted(fraction: each.spread),
                    (rate >= 100 ? formatted(count: Int(rate.rounded())) : formatted(rate))
                        + " \(each.unit)/s",
                    each.operationRate.map(giga) ?? "", each.productRate.map(giga) ?? "",
                    each.fraction.map { formatted($0, decimals: 2) } ?? "",
                ]
            })
    }

    private func giga(_ value: Double) -> String { formatted(value / 1e9, significantDigits: 3) }

    /// One object; each job's figures under its name with underscores.
    var json: JSON {
        var object = JSONObject([
            ("model", .string(subject.name)), ("parameters", .integer(subject.parameterCount)),
            ("threads", .integer(bench.plan.threads)), ("shards", .integer(bench.plan.shards)),
            ("instruction_set", .string(KernelTarget.name)),
            ("onednn", .string(KernelTarget.oneDNNVersion)),
            ("read_gb_per_second", .number(bench.readRate / 1e9)),
            ("tensor_bytes", .integer(MemoryPool.allocatedBytes)),
        ])
        for each in figures {
            var job = JSONObject([
                ("runs", .integer(each.seconds.count)), ("median_seconds", .number(each.median)),
                ("fastest_seconds", .number(each.seconds.first ?? .nan)),
                ("slowest_seconds", .number(each.seconds.last ?? .nan)),
                ("\(each.unit)_per_second", .number(each.rate)),
            ])
            job["gflops"] = each.operationRate.map { .number($0 / 1e9) }
            job["product_gflops"] = each.productRate.map { .number($0 / 1e9) }
            job["fraction_of_product_rate"] = each.fraction.map { .number($0) }
            object[each.name.key] = .object(job)
        }
        return .object(object)
    }
}
