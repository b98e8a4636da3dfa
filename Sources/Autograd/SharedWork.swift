/// Work that is done in pieces by several threads: a value, because handing a closure to other threads
/// would take memory for it, dozens of times in a decoding step.
public protocol SharedWork {
    /// Does one piece. Pieces write to disjoint memory; they may run in any order and at the same time.
    func run(_ piece: Int)
}

/// Values that several threads compute, one a piece.
public protocol SharedMap {
    associatedtype Value

    /// The value of one piece; they may be computed in any order and at the same time.
    func value(_ piece: Int) -> Value
}

extension SharedWork {
    /// Does one piece of the work that lies at an address.
    static func run(_ piece: Int, at address: UnsafeRawPointer) {
        unsafe address.assumingMemoryBound(to: Self.self).pointee.run(piece)
    }
}
