import Autograd
import Testing

@testable import Notebook

@Suite struct BenchSubjectTests {
    /// GPT-2's parameter count is known: 124,439,808.
    @Test func parametersAreCounted() {
        #expect(BenchSubject(.gpt2).parameterCount == 124_439_808)
        #expect(BenchSubject(.gpt2).isLarge)
        #expect(!BenchSubject(.tiny).isLarge)
    }

    @Test func batchesSuitTheSize() {
        #expect(BenchSubject(.gpt2).trainingBatch == (4, 256))
        #expect(BenchSubject(.tiny).trainingBatch == (16, 64))
        #expect(BenchSubject.tutorial.trainingBatch == (32, 40))
    }

    @Test func aLargeModelHasFewerUsualJobs() {
        #expect(
            BenchSubject(.gpt2).usualJobs.map(\.rawValue) == [
                "training-step", "training-step-bf16", "lora-training", "generate-1",
                "generate-16", "generate-64", "generate-1-bf16",
            ])
        #expect(BenchSubject(.tiny).usualJobs == BenchJobName.allCases)
    }

    /// The products of a step are 6 operations for each weight of a linear map and each token.
    @Test func productsAreThoseOfTheLinearMaps() {
        let subject = BenchSubject(.tiny)
        let operations = subject.products(rows: 10, hasTokenHead: false).reduce(0) {
            $0 + $1.operations
        }
        let weights = 4 * (128 * 384 + 128 * 128 + 2 * 128 * 512)
        #expect(operations == Double(6 * weights * 10))
        let withHead = subject.products(rows: 10, hasTokenHead: true).reduce(0) {
            $0 + $1.operations
        }
        #expect(withHead - operations == Double(6 * 2048 * 128 * 10))
        let decoding = subject.decodingProducts(rows: 3).reduce(0) { $0 + $1.operations }
        #expect(decoding == Double(2 * (weights + 2048 * 128) * 3))
    }
}
