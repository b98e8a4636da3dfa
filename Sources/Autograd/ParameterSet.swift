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
///
/// A set can stand over another one, its base, whose memory it shares and leaves as it is: an adapter
/// over the weights that it adapts. Places count on from the base's end, so "trainable from this flat
/// offset on" means the same for both kinds of set.
public final class ParameterSet {
    /// Those of the base that none of this set has the name of, then its own.
    public let parameters: [Parameter]
    /// The end of the flat places, gaps and base included.
    public let flatCount: Int
    /// What this set stands over.
    public let base: ParameterSet?
    /// Low-rank updates of the base's matrices.
    public let updates: [LowRankUpdate]
    /// Names the streams of dropout together with the optimizer steps made.
    public var dropoutSeed: UInt64 = 0
    /// Optimizer steps that moved this set, see ``AdamW``.
    var stepCount = 0
    let storage: Storage
    private let updatePlaces: [Int: Int]

    /// Zeros for these names and shapes, in this order.
    public convenience init(_ specifications: [(name: String, shape: [Int])]) {
        self.init(over: nil, specifications) { _ in [] }
    }

    /// Zeros for these names and shapes, in this order, over the parameters of `base`.
    ///
    /// - Parameter updates: Given the set's own parameters, the updates they make of the base's
    ///   matrices.
    public init(
        over base: ParameterSet?, _ specifications: [(name: String, shape: [Int])],
        updates: (_ own: [Parameter]) -> [LowRankUpdate]
    ) {
        precondition(base?.base == nil, "ParameterSet: a base stands over nothing itself")
        var offset = base?.flatCount ?? 0
        var own: [Parameter] = []
        for (name, shape) in specifications {
            own.append(Parameter(name: name, shape: shape, offset: offset))
            offset += (shape.reduce(1, *) + 15) & ~15
        }
        let names = Set(own.map(\.name))
        parameters = (base?.parameters.filter { !names.contains($0.name) } ?? []) + own
        flatCount = offset
        self.base = base
        let updates = updates(own)
        self.updates = updates
        updatePlaces = Dictionary(
            uniqueKeysWithValues: updates.enumerated().map { ($1.weight.offset, $0) })
        storage = MemoryPool.storage(for: offset - (base?.flatCount ?? 0))
        unsafe storage.pointer.initialize(repeating: 0, count: storage.capacity)
    }

    /// A copy with the same names, shapes and values, independent of the other but for its base.
    public init(copying other: ParameterSet) {
        parameters = other.parameters
        flatCount = other.flatCount
        base = other.base
        updates = other.updates
        updatePlaces = other.updatePlaces
        storage = MemoryPool.storage(for: other.ownCount)
        unsafe storage.pointer.update(from: other.storage.pointer, count: other.ownCount)
    }

    /// The flat place of the set's own first parameter: 0 without a base.
    public var firstOwn: Int { base?.flatCount ?? 0 }

    /// Floats in the set's own block, gaps included.
    public var ownCount: Int { flatCount - firstOwn }

    /// The set's own parameters.
    public var own: [Parameter] { parameters.filter { $0.offset >= firstOwn } }

    /// The place of a matrix's update in ``updates``; nil where it has none.
    func updatePlace(of weight: Parameter) -> Int? { updatePlaces[weight.offset] }

    /// The memory at a flat place.
    func pointer(at place: Int) -> Floats {
        if let base, place < firstOwn { return unsafe base.pointer(at: place) }
        return unsafe storage.pointer + (place - firstOwn)
    }

    /// The number of values, gaps not counted.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// The parameter of this name.
    public subscript(name: String) -> Parameter? { parameters.first { $0.name == name } }

    /// The parameter's values; the tensor shares the set's memory.
    public subscript(parameter: Parameter) -> Tensor {
        if let base, parameter.offset < firstOwn { return base[parameter] }
        return Tensor(
            shape: Shape(parameter.shape), storage: storage,
            offset: parameter.offset - firstOwn)
    }

    /// Replaces the values of one of the set's own parameters.
    public func assign(_ values: [Float], to parameter: Parameter) {
        precondition(
            values.count == parameter.count,
            "\(parameter.name): \(values.count) values for the shape \(parameter.shape)")
        precondition(
            parameter.offset >= firstOwn, "\(parameter.name) belongs to the base, which is shared")
        let target = unsafe pointer(at: parameter.offset)
        for i in values.indices { unsafe target[i] = values[i] }
    }

    /// The set's own values with the gaps, for checkpoints of a run.
    public var flatValues: [Float] {
        get {
            unsafe [Float](UnsafeBufferPointer(start: storage.pointer, count: ownCount))
        }
        set {
            precondition(newValue.count == ownCount, "flatValues: the layouts differ")
            for i in newValue.indices { unsafe storage.pointer[i] = newValue[i] }
        }
    }
}

extension ParameterSet {
    /// A 64-bit mix of the bits of the set's own values: equal sets have equal ones, and one changed
    /// value always changes it, because every step is a bijection.
    public var fingerprint: UInt64 {
        var state: UInt64 = 0
        for i in 0..<ownCount {
            state = unsafe (state ^ UInt64(storage.pointer[i].bitPattern)) &* 0x9E37_79B9_7F4A_7C15
            state ^= state >> 32
        }
        return state
    }
}

/// Gradients laid out like the parameters they belong to, those that are trained alone.
public final class GradientBuffer {
    public let parameters: ParameterSet
    /// The flat place of the first gradient.
    let first: Int
    let storage: Storage

    /// - Parameter first: The flat offset below which parameters are frozen and have no gradient.
    public init(for parameters: ParameterSet, from first: Int = 0) {
        self.parameters = parameters
        self.first = max(first, parameters.firstOwn)
        storage = MemoryPool.storage(for: parameters.flatCount - self.first)
        unsafe storage.pointer.initialize(repeating: 0, count: storage.capacity)
    }

    /// The memory at a flat place.
    func pointer(at place: Int) -> Floats { unsafe storage.pointer + (place - first) }

    /// Sets a parameter's gradient to 0.
    func clear(_ parameter: Parameter) {
        unsafe pointer(at: parameter.offset).update(repeating: 0, count: parameter.count)
    }

    /// A parameter's gradient; the tensor shares the buffer's memory. Zeros for a frozen one.
    public subscript(parameter: Parameter) -> Tensor {
        if parameter.offset < first { return Tensor(zeros: Shape(parameter.shape)) }
        return Tensor(
            shape: Shape(parameter.shape), storage: storage, offset: parameter.offset - first)
    }
}
