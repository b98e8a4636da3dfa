import COneDNN
import CVectorMath

/// What the kernels were compiled for and linked with.
///
/// The same binary on the same instruction set gives the same bits; another one may differ in the last.
public enum KernelTarget {
    /// The instruction set, such as "x86-64 AVX2 FMA".
    public static var name: String { unsafe String(cString: vector_instruction_set()) }

    /// The instruction set, which bits may depend on, and the library that products are measured with.
    public static var signature: String { "\(name), oneDNN \(oneDNNVersion)" }

    /// The version of oneDNN, such as "2.6.3".
    public static var oneDNNVersion: String { unsafe String(cString: onednn_version_text()) }
}
