import Alignment
import LanguageModels
import OrderedJSON

/// The checkpoint of a training run on disk: one safetensors file, and the one before it.
///
/// A new one is written beside them and on the device before it takes the name (temporary file,
/// fsync, rename, fsync of the folder), so at every moment one of the two is whole.
///
/// Numbers are kept as the bits of their doubles, so that a resumed run has exactly what it had.
struct CheckpointFile {
    let path: String
    /// Names the run in the journal.
    let run: String

    /// The checkpoint before the last one.
    var previousPath: String { path + ".previous" }
    private var newPath: String { path + ".new" }

    var exists: Bool { isThere(path) || isThere(previousPath) }

    private func isThere(_ path: String) -> Bool {
        ((try? Posix.kind(of: path)) ?? nil) == .file
    }

    func save(_ checkpoint: TrainingCheckpoint) throws {
        try Files.makeFolders(Files.parent(of: path))
        var tensors = checkpoint.tensors.map {
            StoredTensor(name: "tensor." + $0.name, shape: [$0.values.count], values: $0.values)
        }
        let numbers =
            [("step", Double(checkpoint.step))] + checkpoint.numbers.map { ($0.name, $0.value) }
        for (name, value) in numbers {
            tensors.append(
                StoredTensor(
                    name: "number." + name, shape: [4], values: Self.pieces(value.bitPattern)))
        }
        for text in checkpoint.texts {
            let bytes = text.value.utf8.map(Float.init)
            tensors.append(
                StoredTensor(name: "text." + text.name, shape: [bytes.count], values: bytes))
        }
        tensors.append(
            StoredTensor(name: Self.checkName, shape: [4], values: Self.check(of: tensors)))
        try SafetensorsFile.write(tensors, to: newPath)
        if isThere(path) { try Posix.rename(path, to: previousPath) }
        try Posix.rename(newPath, to: path)
        try Posix.synchronizeFolder(Files.parent(of: path))
    }

    /// The last checkpoint that is sound and that can be gone on from.
    ///
    /// - Parameter isUsable: Whether the rest of what the run needs is there for a checkpoint.
    /// - Returns: The checkpoint, nil where none can be used, and what is wrong with each that was
    ///   passed over.
    func read(
        where isUsable: (TrainingCheckpoint) -> Bool = { _ in true }
    ) -> (checkpoint: TrainingCheckpoint?, problems: [String]) {
        var problems: [String] = []
        for path in [path, previousPath] where isThere(path) {
            do {
                let checkpoint = try Self.read(path)
                if isUsable(checkpoint) { return (checkpoint, problems) }
                problems.append(
                    "\(path) is of step \(checkpoint.step), but the metrics up to there are not "
                        + "whole")
            } catch {
                problems.append("\(path) is damaged: \(sentence(for: error))")
            }
        }
        return (nil, problems)
    }

    private static func read(_ path: String) throws -> TrainingCheckpoint {
        let file = try SafetensorsFile(path: path)
        try requireCheck(file, path)
        var checkpoint = TrainingCheckpoint(step: 0)
        for name in file.names {
            if name == Self.checkName { continue }
            let values = try file.tensor(name).values
            if name.hasPrefix("tensor.") {
                checkpoint.tensors.append(.init(name: String(name.dropFirst(7)), values: values))
            } else if name == "number.step" {
                guard let step = Int(exactly: try number(values)), step >= 0 else {
                    throw CommandError("its number of steps is none")
                }
                checkpoint.step = step
            } else if name.hasPrefix("number.") {
                checkpoint.numbers.append(
                    .init(name: String(name.dropFirst(7)), value: try number(values)))
            } else if name.hasPrefix("text.") {
                let bytes = values.map { UInt8(exactly: $0) ?? UInt8(ascii: "?") }
                checkpoint.texts.append(
                    .init(
                        name: String(name.dropFirst(5)),
                        value: String(decoding: bytes, as: UTF8.self)))
            }
        }
        return checkpoint
    }

    func remove() {
        for path in [path, previousPath] where isThere(path) { try? Posix.remove(path) }
    }

    // MARK: Soundness

    private static let checkName = "check"

    /// A 64-bit mix of the names and the bits of all values, as four exact floats. Every step is a
    /// bijection, so that one changed word always changes it; made for speed, because a large model
    /// is written every 30 seconds.
    private static func check(of tensors: [StoredTensor]) -> [Float] {
        var state: UInt64 = 0
        func mix(_ word: UInt64) {
            state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
            state ^= state >> 32
        }
        for tensor in tensors {
            for byte in tensor.name.utf8 { mix(UInt64(byte)) }
            for value in tensor.values { mix(UInt64(value.bitPattern)) }
        }
        return pieces(state)
    }

    /// Checkpoints of older programs have no check of their own.
    private static func requireCheck(_ file: SafetensorsFile, _ path: String) throws {
        guard file.names.contains(checkName) else { return }
        let tensors = try file.names.filter { $0 != checkName }.map { name in
            let tensor = try file.tensor(name)
            return StoredTensor(name: name, shape: tensor.shape, values: tensor.values)
        }
        guard try file.tensor(checkName).values == check(of: tensors) else {
            throw CommandError("the checksum does not fit the values")
        }
    }

    /// 64 bits as four 16-bit pieces, each exact in a float.
    private static func pieces(_ bits: UInt64) -> [Float] {
        (0..<4).map { Float((bits >> (16 * UInt64($0))) & 0xFFFF) }
    }

    private static func number(_ pieces: [Float]) throws -> Double {
        var bits: UInt64 = 0
        for (index, piece) in pieces.prefix(4).enumerated() {
            guard let word = UInt16(exactly: piece) else {
                throw CommandError("a number in it is none")
            }
            bits |= UInt64(word) << (16 * UInt64(index))
        }
        return Double(bitPattern: bits)
    }
}
