import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("Sequence features")
struct SequenceFeaturesTests {
    @Test("a fresh score head is linear in them")
    func scoresAreLinear() throws {
        let model = LanguageModel.toy(heads: [.score], seed: 3)
        let sequences = Toy.examples(30).map { $0.prompt + $0.completion }
        let features = sequenceFeatures(of: model, on: sequences, plan: Toy.plan())
        let head = Weights(model.parameters)[try #require(model.parameters["score.weight"])].array
        let scores = sequenceScores(of: model, on: sequences, plan: Toy.plan())
        for (row, score) in zip(features, scores) {
            let sum = zip(row, head).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(sum - score) < 1e-4)
        }
        #expect(Set(features.map { $0[0] }).count > 5)
    }

    @Test("shards and threads change nothing")
    func sameWhateverTheThreads() {
        let model = LanguageModel.toy(seed: 4)
        let sequences = Toy.examples(30).map { $0.prompt + $0.completion }
        let one = sequenceFeatures(of: model, on: sequences, plan: Toy.plan(threads: 1))
        #expect(one == sequenceFeatures(of: model, on: sequences, plan: Toy.plan(threads: 3)))
    }
}
