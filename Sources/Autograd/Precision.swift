import CMatrixKernels

/// The form of a product's operands. Sums, activations and parameters are f32 in both.
public enum Precision: String, Sendable, CaseIterable {
    case f32
    /// Operands are rounded to 8 bits of mantissa (bfloat16), which doubles the rate.
    case bf16

    /// Whether this binary has the kernels and this processor the instructions (AVX512-BF16).
    public var isSupported: Bool { self == .f32 || matrix_supports_bf16() }
}
