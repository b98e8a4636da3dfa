/// The form of a product's operands. Sums, activations and parameters are f32 in both.
public enum Precision: String, Sendable, CaseIterable {
    case f32
    /// Operands are rounded to 8 bits of mantissa (bfloat16), which doubles the rate.
    case bf16

    /// Whether this binary has kernels for it that this processor can run.
    public var isSupported: Bool { self == .f32 }
}
