/// A named tensor of a model: where it lies in its ``ParameterSet``.
public struct Parameter: Sendable, Equatable {
    /// The name in checkpoint files, such as `transformer.h.0.attn.c_attn.weight`.
    public let name: String
    public let shape: [Int]
    /// The first element's place in the flat memory of the set.
    public let offset: Int
    public var count: Int { shape.reduce(1, *) }
}

/// All parameters of a model in one flat block, so that optimizers and sums are single passes.
///
/// Each parameter starts on a cache line; the gaps stay zero.
public final class ParameterSet {
    public let parameters: [Parameter]
    /// Floats in the flat block, gaps included.
    public let flatCount: Int
    let storage: Storage

    /// Zeros for these names and shapes, in this order.
    public init(_ specifications: [(name: String, shape: [Int])]) {
        var offset = 0
        var parameters: [Parameter] = []
        for (name, shape) in specifications {
            parameters.append(Parameter(name: name, shape: shape, offset: offset))
            offset += (shape.reduce(1, *) + 15) & ~15
        }
        self.parameters = parameters
        flatCount = offset
        storage = Storage(count: offset)
        unsafe storage.pointer.initialize(repeating: 0, count: storage.capacity)
    }

    /// An independent copy with the same names, shapes and values.
    public init(copying other: ParameterSet) {
        parameters = other.parameters
        flatCount = other.flatCount
        storage = Storage(count: other.flatCount)
        unsafe storage.pointer.update(from: other.storage.pointer, count: other.flatCount)
    }

    /// The number of values, gaps not counted.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// The parameter of this name.
    public subscript(name: String) -> Parameter? { parameters.first { $0.name == name } }

    /// The parameter's values; the tensor shares the set's memory.
    public subscript(parameter: Parameter) -> Tensor {
        Tensor(shape: parameter.shape, storage: storage, offset: parameter.offset)
    }

    /// Replaces a parameter's values.
    public func assign(_ values: [Float], to parameter: Parameter) {
        precondition(
            values.count == parameter.count,
            "\(parameter.name): \(values.count) values for the shape \(parameter.shape)")
        let target = unsafe storage.pointer + parameter.offset
        for i in values.indices { unsafe target[i] = values[i] }
    }

    /// All values with the gaps, for checkpoints of a run.
    public var flatValues: [Float] {
        get {
            unsafe [Float](UnsafeBufferPointer(start: storage.pointer, count: flatCount))
        }
        set {
            precondition(newValue.count == flatCount, "flatValues: the layouts differ")
            for i in newValue.indices { unsafe storage.pointer[i] = newValue[i] }
        }
    }
}

/// Gradients laid out like the parameters they belong to.
public final class GradientBuffer {
    public let parameters: ParameterSet
    let storage: Storage

    public init(for parameters: ParameterSet) {
        self.parameters = parameters
        storage = Storage(count: parameters.flatCount)
        unsafe storage.pointer.initialize(repeating: 0, count: storage.capacity)
    }

    /// Sets a parameter's gradient to 0.
    func clear(_ parameter: Parameter) {
        unsafe (storage.pointer + parameter.offset).update(repeating: 0, count: parameter.count)
    }

    /// A parameter's gradient; the tensor shares the buffer's memory.
    public subscript(parameter: Parameter) -> Tensor {
        Tensor(shape: parameter.shape, storage: storage, offset: parameter.offset)
    }
}
