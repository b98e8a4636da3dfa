import Alignment
import Autograd
import Testing

@testable import Notebook

@Suite struct ModelCommandTests {
    private let tiny = CommandFixture.fixture("gpt2/tiny")

    @Test func aModelsSizesAreShown() throws {
        let fixture = try CommandFixture()
        try fixture.run("model", tiny)
        #expect(fixture.shown.contains("parameters    43,904\n"))
        #expect(!fixture.shown.contains("memory"))
        #expect(fixture.console.outputs.allSatisfy { $0.isReproducible })
    }

    @Test func infoAlsoSaysWhatTrainingTakes() throws {
        let fixture = try CommandFixture()
        try fixture.run("model", "info", tiny, "--batch-size", "4", "--max-length", "32")
        #expect(fixture.shown.contains("parameters    43,904\n"))
        #expect(fixture.shown.contains("size          175.6 kB in f32\n"))
        #expect(fixture.shown.contains("batches of 4, rows of 32 tokens, 8 shards on 2 threads"))
        for recipe in ["sft", "reward", "ppo", "ppo shared"] {
            #expect(fixture.shown.contains("\n\(recipe) "), "\(recipe)")
        }
        #expect(!fixture.shown.contains("…"))
        // It depends on the threads, so a replay elsewhere may differ.
        #expect(fixture.console.outputs.dropFirst().allSatisfy { !$0.isReproducible })
    }

    @Test func rowsAreNoLongerThanTheContext() {
        let memory = ModelMemory(
            configuration: BenchSizes.tiny.configuration, batchSize: 2, length: 4000,
            plan: .init(shards: 2, threads: 1))
        #expect(memory.length == 128)
    }

    @Test func longerRowsAndMoreModelsTakeMore() {
        func memory(_ length: Int) -> [Int] {
            ModelMemory(
                configuration: BenchSizes.tiny.configuration, batchSize: 8, length: length,
                plan: .init(shards: 2, threads: 2)
            ).estimates.map(\.memory.tensors)
        }
        let short = memory(32)
        let long = memory(128)
        #expect(zip(short, long).allSatisfy { $0 < $1 })
        #expect(short[2] > short[3], "a critic of its own takes more than a shared trunk")
    }

    @Test func activationsGrowWithTheRowsOfAShard() {
        func activations(_ batchSize: Int) -> [Int] {
            ModelMemory(
                configuration: BenchSizes.tiny.configuration, batchSize: batchSize, length: 128,
                plan: .init(shards: 8, threads: 2)
            ).estimates.map(\.memory.activations)
        }
        for (few, many) in zip(activations(8), activations(64)) { #expect(many > 4 * few) }
    }

    @Test func oneModelAtATime() throws {
        let fixture = try CommandFixture()
        #expect(
            try fixture.failure("model", "info", tiny, tiny).sentence.hasPrefix(
                "one model at a time, found \"info \(tiny) \(tiny)\""))
    }
}
