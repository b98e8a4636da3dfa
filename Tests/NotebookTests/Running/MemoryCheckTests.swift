import Alignment
import Autograd
import LanguageModels
import Testing

@testable import Notebook

@Suite struct MemoryCheckTests {
    /// GPT-2 in batches of 4 rows of 256 tokens.
    private func check(shards: Int, available: Int, batchSize: Int = 4) -> MemoryCheck {
        let row = [Int](repeating: 0, count: 256)
        return MemoryCheck(
            title: "sft",
            estimate: .supervised(
                ModelSizes(BenchSizes.gpt2.configuration),
                options: TrainingOptions(
                    length: .steps(1), batchSize: batchSize, learningRate: 1e-5,
                    plan: ParallelPlan(shards: shards, threads: 2)),
                // Rows that begin alike would share their beginnings.
                examples: (0..<batchSize).map {
                    TokenizedExample(prompt: [], completion: [$0] + row.dropFirst())
                }),
            available: available)
    }

    @Test func aRunThatFitsSaysWhatItTakes() {
        let check = check(shards: 2, available: 22_000_000_000)
        #expect(check.fits)
        #expect(check.line.hasPrefix("memory: about "))
        #expect(check.line.contains(" GB of 22.0 GB free (+ 1.5 GB for checkpoints)"))
    }

    @Test func aRunThatCannotFitIsRefusedWithTheNumberAndWhatToChange() {
        let check = check(shards: 64, available: 8_000_000_000)
        #expect(!check.fits)
        #expect(check.refusal.hasPrefix("sft needs about "))
        #expect(check.refusal.contains("but 8.0 GB are free; lower --shards"))
    }

    @Test func theLargestPartIsNamedFirst() {
        let check = check(shards: 2, available: 8_000_000_000, batchSize: 256)
        #expect(check.refusal.contains("are free; lower --batch-size or --max-length"))
    }

    @Test func aPartThatMakesNoDifferenceIsNotNamed() {
        #expect(!check(shards: 1000, available: 8_000_000_000).refusal.contains("smaller model"))
        #expect(check(shards: 4, available: 1_000_000_000).refusal.contains("smaller model"))
    }

    @Test func nothingIsRefusedWhereTheFreeMemoryIsNotKnown() {
        let check = check(shards: 64, available: 0)
        #expect(check.fits)
        #expect(!check.line.contains("free"))
    }

    @Test func checkpointsCountToo() {
        let estimate = check(shards: 2, available: 0).estimate
        let exactly = MemoryCheck(title: "", estimate: estimate, available: estimate.needed)
        #expect(exactly.fits)
        #expect(
            !MemoryCheck(title: "", estimate: estimate, available: estimate.needed - 1).fits)
    }

    @Test func theLineIsNoOutputOfTheCell() throws {
        let fixture = try CommandFixture()
        try fixture.run(
            "train", "sft", "--model", CommandFixture.fixture("gpt2/tiny"), "--data",
            CommandFixture.fixture("gpt2/rows.jsonl"), "--out", fixture.folder("out"), "--steps",
            "1")
        #expect(fixture.shown.contains("trained on"))
        #expect(!fixture.shown.contains("memory"))
    }
}
