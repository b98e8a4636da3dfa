import Autograd

/// Tensors that are needed at the same time, as the memory pool sees them: how many of each size.
///
/// The pool keeps what is given back for the next tensor of that size and gives nothing to other
/// sizes, so phases that follow each other need the larger number of each size, not the larger sum.
/// (An eighth more that it may keep of small ones does not count: they are small.)
struct BufferDemand: Equatable {
    /// Bytes of a buffer, and how many of them.
    private var counts: [Int: Int] = [:]

    /// Adds `number` tensors of `floats` floats.
    mutating func hold(_ number: Int, floats: Int) {
        if number > 0 && floats > 0 {
            counts[MemoryPool.bytes(forFloats: floats), default: 0] += number
        }
    }

    /// Another phase of the same run, before or after this one.
    mutating func formUnion(_ phase: BufferDemand) {
        counts.merge(phase.counts, uniquingKeysWith: max)
    }

    /// Something that runs at the same time.
    static func + (a: BufferDemand, b: BufferDemand) -> BufferDemand {
        var sum = a
        sum.counts.merge(b.counts, uniquingKeysWith: +)
        return sum
    }

    /// The same in several threads at once.
    static func * (threads: Int, demand: BufferDemand) -> BufferDemand {
        var product = BufferDemand()
        product.counts = demand.counts.mapValues { threads * $0 }
        return product
    }

    var bytes: Int { counts.reduce(0) { $0 + $1.key * $1.value } }
}
