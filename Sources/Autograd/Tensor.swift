/// A contiguous row-major block of floats with a shape.
///
/// A tensor is a light handle: copies share the memory. A tensor that is being differentiated
/// carries its place on a ``Tape``; operations record on the tape of their operands.
public struct Tensor {
    /// The sizes of the dimensions; a scalar has none.
    public let shape: Shape
    let storage: Storage
    let offset: Int
    var node: Node?
    /// How a weight enters products; nil for f32 as it lies.
    var form: ProductForm?

    /// Where a tensor stands on the tape that records it.
    struct Node {
        let tape: Tape
        /// The use of the tape that it belongs to.
        let use: Int
        let index: Int
    }

    /// The number of elements.
    public var count: Int { shape.elementCount }

    /// The number of rows: all dimensions but the last, multiplied.
    public var rows: Int { shape.rows }

    /// The length of a row: the last dimension, 1 for a scalar.
    public var columns: Int { shape.columns }

    /// A tensor of these values.
    ///
    /// - Parameters:
    ///   - values: The elements, row by row.
    ///   - shape: The dimensions; their product is `values.count`.
    public init(_ values: [Float], shape: Shape) {
        self.init(uninitialized: shape)
        precondition(
            values.count == count, "Tensor: \(values.count) values do not fill the shape \(shape)")
        for i in values.indices { unsafe pointer[i] = values[i] }
    }

    /// A vector of these values.
    public init(_ values: [Float]) { self.init(values, shape: Shape(values.count)) }

    /// A scalar.
    public init(_ value: Float) {
        self.init(uninitialized: Shape())
        unsafe pointer[0] = value
    }

    /// A tensor of zeros.
    public init(zeros shape: Shape) {
        self.init(uninitialized: shape)
        unsafe pointer.initialize(repeating: 0, count: count)
    }

    /// The rows of some tensors of equal width one after the other, not differentiated.
    public init(stacking parts: [Tensor]) {
        let columns = parts.first?.columns ?? 0
        precondition(
            parts.allSatisfy { $0.columns == columns },
            "Tensor: rows of different lengths cannot be stacked")
        self.init(uninitialized: Shape(parts.reduce(0) { $0 + $1.rows }, columns))
        var row = 0
        for part in parts {
            unsafe copy(pointer + row &* columns, part.pointer, part.count)
            row += part.rows
        }
    }

    init(uninitialized shape: Shape) {
        self.shape = shape
        storage = MemoryPool.storage(for: shape.elementCount)
        offset = 0
    }

    init(shape: Shape, storage: Storage, offset: Int, node: Node? = nil) {
        self.shape = shape
        self.storage = storage
        self.offset = offset
        self.node = node
    }

    /// The elements, copied out: for looking at results, not for arithmetic.
    public var array: [Float] {
        let count = count
        return unsafe [Float](UnsafeBufferPointer(start: pointer, count: count))
    }

    /// The only element.
    public var scalar: Float {
        precondition(count == 1, "scalar: the shape is \(shape), not a single number")
        return unsafe pointer[0]
    }

    /// The same values, not differentiated.
    public var detached: Tensor {
        var copy = self
        copy.node = nil
        return copy
    }

    /// The same elements under another shape of the same size.
    func reshaped(_ shape: Shape) -> Tensor {
        Tensor(shape: shape, storage: storage, offset: offset, node: node)
    }

    var pointer: UnsafeMutablePointer<Float> { unsafe storage.pointer + offset }
}
