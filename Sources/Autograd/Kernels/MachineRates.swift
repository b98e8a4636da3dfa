import COneDNN
import Synchronization

/// What this machine can do at best, measured: the rates that training and decoding are compared
/// with.
public enum MachineRates {
    /// A matrix product of `rows` × `inner` by `inner` × `columns`.
    public struct Product: Sendable, Equatable {
        public let rows: Int
        public let columns: Int
        public let inner: Int
        /// The first operand is stored as its transpose, as the gradient of a weight needs it.
        public let transposesFirst: Bool
        /// The second operand is stored as its transpose, as the gradient of an input needs it.
        public let transposesSecond: Bool

        public init(
            rows: Int, columns: Int, inner: Int, transposesFirst: Bool = false,
            transposesSecond: Bool = false
        ) {
            precondition(
                rows > 0 && columns > 0 && inner > 0,
                "Product: \(rows) × \(columns) × \(inner) has no elements")
            self.rows = rows
            self.columns = columns
            self.inner = inner
            self.transposesFirst = transposesFirst
            self.transposesSecond = transposesSecond
        }

        /// Floating-point operations: 2 · rows · columns · inner.
        public var operations: Double { 2 * Double(rows) * Double(columns) * Double(inner) }

        /// The three products of a linear map in a training step: forward, dX and dW.
        public static func training(rows: Int, inputs: Int, outputs: Int) -> [Product] {
            [
                Product(rows: rows, columns: outputs, inner: inputs),
                Product(rows: rows, columns: inputs, inner: outputs, transposesSecond: true),
                Product(rows: inputs, columns: outputs, inner: rows, transposesFirst: true),
            ]
        }
    }

    /// Runs a list of products once on every thread at the same time, each thread on memory of its
    /// own with oneDNN single-threaded in it, as the shards of a step are: the rate that the
    /// engine's own products and whole steps are compared with.
    ///
    /// - Parameter clock: Seconds of a clock that never goes back.
    /// - Returns: The floating-point operations a second of each repetition, all threads together.
    public static func productRates(
        _ products: [Product], threads: Int, repetitions: Int, clock: () -> Double
    ) -> [Double] {
        let plan = ParallelPlan(shards: threads, threads: threads)
        let operands = plan.map(threads) { _ in Operands(products) }
        let operations = products.reduce(0) { $0 + $1.operations } * Double(threads)
        // The first pass makes oneDNN's kernels and is not counted.
        return (0...repetitions).map { _ in
            let start = clock()
            plan.forEach(threads) { operands[$0].multiply(products) }
            return operations / max(1e-9, clock() - start)
        }.suffix(repetitions)
    }

    /// Bytes a second that all threads together read from memory, for each repetition.
    ///
    /// - Parameter bytes: Should be many times the cache.
    public static func readRates(
        bytes: Int, threads: Int, repetitions: Int, clock: () -> Double
    ) -> [Double] {
        let count = max(1, bytes / 4 / threads)
        let plan = ParallelPlan(shards: threads, threads: threads)
        let blocks = plan.map(threads) { _ in Tensor(zeros: [count]) }
        // The sums are kept, so that the reading cannot be left out.
        let total = Mutex(0.0)
        return (0...repetitions).map { _ in
            let start = clock()
            plan.forEach(threads) { thread in
                let sum = unsafe sumOfSquares(blocks[thread].pointer, count)
                total.withLock { $0 += sum }
            }
            return Double(count * 4 * threads) / max(1e-9, clock() - start)
        }.suffix(repetitions)
    }

    /// Memory for the largest of some products.
    private struct Operands {
        let first, second, result: Tensor

        init(_ products: [Product]) {
            func filled(_ size: (Product) -> Int) -> Tensor {
                let count = products.map(size).max() ?? 1
                return Tensor((0..<count).map { Float($0 % 17) / 17 - 0.5 })
            }
            first = filled { $0.rows * $0.inner }
            second = filled { $0.inner * $0.columns }
            result = filled { $0.rows * $0.columns }
        }

        func multiply(_ products: [Product]) {
            onednn_use_one_thread()
            for product in products {
                let status = unsafe onednn_matrix_product(
                    product.transposesFirst, product.transposesSecond, Int64(product.rows),
                    Int64(product.columns), Int64(product.inner), 1, first.pointer,
                    Int64(product.transposesFirst ? product.rows : product.inner), second.pointer,
                    Int64(product.transposesSecond ? product.inner : product.columns), 0,
                    result.pointer, Int64(product.columns))
                precondition(status == 0, "oneDNN refused \(product)")
            }
        }
    }
}
