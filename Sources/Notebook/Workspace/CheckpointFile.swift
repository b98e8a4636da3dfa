import Alignment
import LanguageModels
import OrderedJSON

/// The checkpoint of a training run on disk: one safetensors file, replaced in one step.
///
/// Numbers are kept as the bits of their doubles, so that a resumed run has exactly what it had.
struct CheckpointFile {
    let path: String
    /// Names the run in the journal.
    let run: String

    var exists: Bool { ((try? Posix.kind(of: path)) ?? nil) == .file }

    func save(_ checkpoint: TrainingCheckpoint) throws {
        try Files.makeFolders(Files.parent(of: path))
        var tensors = checkpoint.tensors.map {
            StoredTensor(name: "tensor." + $0.name, shape: [$0.values.count], values: $0.values)
        }
        let numbers =
            [("step", Double(checkpoint.step))] + checkpoint.numbers.map { ($0.name, $0.value) }
        for (name, value) in numbers {
            tensors.append(
                StoredTensor(name: "number." + name, shape: [4], values: Self.pieces(value)))
        }
        try SafetensorsFile.write(tensors, to: path)
    }

    func read() throws -> TrainingCheckpoint {
        let file = try SafetensorsFile(path: path)
        var checkpoint = TrainingCheckpoint(step: 0)
        for name in file.names {
            let values = try file.tensor(name).values
            if name.hasPrefix("tensor.") {
                checkpoint.tensors.append(.init(name: String(name.dropFirst(7)), values: values))
            } else if name == "number.step" {
                checkpoint.step = Int(Self.number(values))
            } else if name.hasPrefix("number.") {
                checkpoint.numbers.append(
                    .init(name: String(name.dropFirst(7)), value: Self.number(values)))
            }
        }
        return checkpoint
    }

    func remove() { try? Posix.remove(path) }

    /// A double as four 16-bit pieces, each exact in a float.
    private static func pieces(_ value: Double) -> [Float] {
        (0..<4).map { Float((value.bitPattern >> (16 * UInt64($0))) & 0xFFFF) }
    }

    private static func number(_ pieces: [Float]) -> Double {
        var bits: UInt64 = 0
        for (index, piece) in pieces.prefix(4).enumerated() {
            bits |= UInt64(piece) << (16 * UInt64(index))
        }
        return Double(bitPattern: bits)
    }
}
