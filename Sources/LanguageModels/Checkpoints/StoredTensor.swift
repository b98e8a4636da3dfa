/// A tensor in a weights file: its name there, its shape, its values in row-major order.
public struct StoredTensor: Equatable, Sendable {
    /// The checkpoint's name, such as `transformer.h.0.attn.c_attn.weight`.
    public var name: String
    /// The dimensions; empty for a single number.
    public var shape: [Int]
    /// As many values as the product of the dimensions.
    public var values: [Float]

    /// Creates a tensor; shape and values must agree.
    public init(name: String, shape: [Int], values: [Float]) {
        let count = shape.reduce(1, *)
        precondition(
            count == values.count, "\(name): shape \(shape) does not hold \(values.count) values")
        self.name = name
        self.shape = shape
        self.values = values
    }
}

/// The element type in which weights are written.
public enum StoredPrecision: String, Equatable, Sendable, CaseIterable {
    case float32 = "F32"
    /// The upper half of a `Float`: its range, with 8 bits of precision.
    case bfloat16 = "BF16"
    /// IEEE 754 half precision: 11 bits, up to 65504; larger values become infinite.
    case float16 = "F16"
}

/// The element types of the safetensors format.
enum StoredType: String, CaseIterable {
    case bool = "BOOL"
    case f4 = "F4"
    case f6E2M3 = "F6_E2M3"
    case f6E3M2 = "F6_E3M2"
    case u8 = "U8"
    case i8 = "I8"
    case f8E5M2 = "F8_E5M2"
    case f8E4M3 = "F8_E4M3"
    case f8E8M0 = "F8_E8M0"
    case f8E4M3FNUZ = "F8_E4M3FNUZ"
    case f8E5M2FNUZ = "F8_E5M2FNUZ"
    case i16 = "I16"
    case u16 = "U16"
    case f16 = "F16"
    case bf16 = "BF16"
    case i32 = "I32"
    case u32 = "U32"
    case f32 = "F32"
    case i64 = "I64"
    case u64 = "U64"
    case f64 = "F64"
    case c64 = "C64"

    var bits: Int {
        switch self {
        case .f4: 4
        case .f6E2M3, .f6E3M2: 6
        case .bool, .u8, .i8, .f8E5M2, .f8E4M3, .f8E8M0, .f8E4M3FNUZ, .f8E5M2FNUZ: 8
        case .i16, .u16, .f16, .bf16: 16
        case .i32, .u32, .f32: 32
        case .i64, .u64, .f64, .c64: 64
        }
    }
}

/// Conversions between `Float` and the half-sized types.
enum HalfPrecision {
    static func values(bfloat16 bits: [UInt16]) -> [Float] {
        bits.map { Float(bitPattern: UInt32($0) << 16) }
    }

    static func values(float16 bits: [UInt16]) -> [Float] {
        bits.map { Float(Float16(bitPattern: $0)) }
    }

    /// Rounds to nearest, ties to even.
    static func bfloat16(_ values: [Float]) -> [UInt16] {
        values.map { value in
            let bits = value.bitPattern
            if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
            let isOdd = (bits >> 16) & 1
            return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ isOdd) >> 16)
        }
    }

    /// Rounds to nearest, ties to even.
    static func float16(_ values: [Float]) -> [UInt16] {
        values.map { Float16($0).bitPattern }
    }
}
