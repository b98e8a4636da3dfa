import Alignment
import LanguageModels
import Testing

@testable import Notebook

@Suite struct CheckpointFileTests {
    private func checkpoint(_ step: Int) -> TrainingCheckpoint {
        TrainingCheckpoint(
            step: step,
            tensors: [.init(name: "model.parameters", values: [1.5, -0, .nan, Float(step)])],
            numbers: [
                .init(name: "kl_coefficient", value: 0.1), .init(name: "tokens", value: 1e15),
            ], texts: [.init(name: "policy", value: "LoRA of rank 2, α 4")])
    }

    /// The bits, because NaN is not equal to itself.
    private func bits(_ checkpoint: TrainingCheckpoint?) -> [UInt64] {
        guard let checkpoint else { return [] }
        return checkpoint.tensors.flatMap { $0.values.map { UInt64($0.bitPattern) } }
            + checkpoint.numbers.map(\.value.bitPattern)
            + checkpoint.texts.flatMap { ($0.name + $0.value).utf8.map(UInt64.init) }
    }

    @Test func `all bits come back, and the one before stays`() throws {
        let folder = try TemporaryFolder()
        let file = CheckpointFile(path: folder("c/sft.safetensors"), run: "sft")
        #expect(!file.exists)
        try file.save(checkpoint(1))
        try file.save(checkpoint(2))
        #expect(bits(file.read().checkpoint) == bits(checkpoint(2)))
        let (before, problems) = file.read { $0.step < 2 }
        #expect(before?.step == 1)
        #expect(problems.count == 1)
        #expect(try folder.names("c") == ["sft.safetensors", "sft.safetensors.previous"])
        file.remove()
        #expect(!file.exists)
    }

    @Test func `a file without a checksum whose numbers are none is damaged, not fatal`() throws {
        let folder = try TemporaryFolder()
        let file = CheckpointFile(path: folder("sft.safetensors"), run: "sft")
        for values: [Float] in [
            [.nan, 0, 0, 0], [-1, 0, 0, 0], [0.5, 0, 0, 0], [0, 0, 0, 32752],
        ] {
            try SafetensorsFile.write(
                [StoredTensor(name: "number.step", shape: [4], values: values)],
                to: folder("sft.safetensors"))
            let (found, problems) = file.read()
            #expect(found == nil && problems.count == 1, "\(values): \(problems)")
        }
    }

    @Test func `a damaged checkpoint falls back to the one before, whatever the damage`() throws {
        let folder = try TemporaryFolder()
        let file = CheckpointFile(path: folder("sft.safetensors"), run: "sft")
        try file.save(checkpoint(1))
        try file.save(checkpoint(2))
        let whole = try folder.read("sft.safetensors")
        for place in whole.indices {
            var damaged = whole
            damaged[place] ^= 1 << UInt8(place % 8)
            try folder.write("sft.safetensors", damaged)
            let (found, problems) = file.read()
            // A changed space between words of the header changes nothing.
            #expect(
                found?.step == 1 && problems.count == 1 || bits(found) == bits(checkpoint(2)),
                "byte \(place)")
        }
        for length in 0..<whole.count {
            try folder.write("sft.safetensors", Array(whole[..<length]))
            #expect(file.read().checkpoint?.step == 1)
        }
        try Posix.remove(folder("sft.safetensors"))
        #expect(file.exists)
        #expect(file.read().checkpoint?.step == 1)
    }
}
