import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("Frozen trunks of a PPO run")
struct PolicyTrunksTests {
    private let batch = PackedCompletions(Toy.examples(3)).sequences

    private func expected(_ model: LanguageModel) -> [Float] {
        model.trunk(of: batch, layers: 1).values.array
    }

    @Test("a reference the policy was copied from shares its trunk; another critic has its own")
    func sharing() {
        let models = ToyPPO(updates: 1).models
        let trunks = PolicyTrunks(models, layers: 1)
        #expect(trunks.sharesReference && !trunks.sharesCritic)
        let streams = trunks.streams(of: batch, keys: [0, 1, 2])
        #expect(streams.policy?.values.array == expected(models.policy))
        #expect(streams.reference?.values.array == expected(models.policy))
        #expect(streams.critic?.values.array == models.critic.map(expected))
        #expect(streams.critic?.values.array != streams.policy?.values.array)
    }

    @Test("a critic that started from the same layers shares them")
    func criticFromPolicy() {
        var models = ToyPPO(updates: 1).models
        models.critic = LanguageModel(copying: models.policy, heads: [.value])
        let trunks = PolicyTrunks(models, layers: 1)
        #expect(trunks.sharesCritic)
        let streams = trunks.streams(of: batch, keys: [0, 1, 2])
        #expect(streams.critic?.values.array == expected(models.policy))
    }

    @Test("another reference reads from its own embeddings")
    func otherReference() {
        var models = ToyPPO(updates: 1).models
        models.reference = .toy(seed: 7)
        let trunks = PolicyTrunks(models, layers: 1)
        #expect(!trunks.sharesReference)
        let streams = trunks.streams(of: batch, keys: [0, 1, 2])
        #expect(streams.policy != nil && streams.reference == nil)
    }

    @Test("without frozen layers every model reads from its own embeddings")
    func nothingFrozen() {
        let trunks = PolicyTrunks(ToyPPO(updates: 1).models, layers: 0)
        #expect(!trunks.sharesReference && !trunks.sharesCritic)
        let streams = trunks.streams(of: batch, keys: [0, 1, 2])
        #expect(streams.policy == nil && streams.reference == nil && streams.critic == nil)
    }

    @Test("rollouts of another update do not get the streams of the one before")
    func updates() {
        let models = ToyPPO(updates: 1).models
        let trunks = PolicyTrunks(models, layers: 1)
        _ = trunks.streams(
            of: PackedCompletions(Toy.examples(5).suffix(3).map { $0 }).sequences, keys: [0, 1, 2])
        trunks.beginUpdate()
        let streams = trunks.streams(of: batch, keys: [0, 1, 2])
        #expect(streams.policy?.values.array == expected(models.policy))
        #expect(streams.critic?.values.array == models.critic.map(expected))
    }
}
