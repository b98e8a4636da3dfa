import Autograd
import Testing

@testable import LanguageModels

@Suite("LoRA")
struct LoRATests {
    private let base = LanguageModel.random(layers: 3)
    private let batch = PackedCompletions([
        TokenizedExample(prompt: [1, 2, 3], completion: [4, 5, 6, 0]),
        TokenizedExample(prompt: [7], completion: [8, 9]),
    ])

    private func adapted(
        _ adapter: LoRAConfiguration = LoRAConfiguration(rank: 2), heads: [ScalarHead] = []
    ) -> LanguageModel {
        LanguageModel(adapting: base, with: adapter, heads: heads, seed: 5)
    }

    /// An adapter that does something.
    private func moved(_ model: LanguageModel) -> LanguageModel {
        for update in model.parameters.updates {
            var random = RandomStream(
                seed: 9, purpose: RandomPurpose("moved"), sample: update.up.offset)
            model.parameters.assign(
                (0..<update.up.count).map { _ in random.nextNormal() * 0.3 }, to: update.up)
        }
        return model
    }

    private func logs(_ model: LanguageModel) -> [Float] {
        model.logProbabilities(of: batch).logProbabilities.array
    }

    @Test("a new adapter leaves every bit as it was, and stands over the same memory")
    func beginsAsTheBase() {
        let model = adapted()
        #expect(logs(model).map(\.bitPattern) == logs(base).map(\.bitPattern))
        #expect(model.parameters.base === base.parameters)
        #expect(model.parameters.updates.count == 3 * 4)
        // r · (inputs + outputs) of each map: 12 → 36, 12 → 12, 12 → 48, 48 → 12.
        #expect(model.adapterParameterCount == 3 * 2 * (48 + 24 + 60 + 60))
        #expect(model.withoutAdapter.parameters === base.parameters)
    }

    @Test("A is uniform within 1 / √inputs, and depends on the seed")
    func initialization() throws {
        let model = adapted(LoRAConfiguration(rank: 8))
        let name = "transformer.h.0.mlp.c_proj.lora_A.weight"
        let values = model.parameters[try model.parameter(name)].array
        let bound = 1 / Float(48).squareRoot()
        #expect(values.allSatisfy { abs($0) <= bound })
        #expect(values.contains { abs($0) > 0.9 * bound })
        let other = LanguageModel(
            adapting: base, with: LoRAConfiguration(rank: 8), heads: [], seed: 6)
        #expect(other.parameters[try other.parameter(name)].array != values)
    }

    @Test("merged into the weights it computes the same, in passes and in generation")
    func merging() throws {
        let model = moved(adapted())
        let merged = model.merged()
        #expect(merged.adapter == nil && merged.parameters.base == nil)
        #expect(largestDifference(logs(model), logs(merged)) < 1e-4)
        #expect(largestDifference(logs(model), logs(base)) > 0.1)
        func answers(_ model: LanguageModel) -> [GeneratedCompletion] {
            Generator(
                model: model, maxNewTokens: 8, endOfText: 0, seed: 1,
                plan: ParallelPlan(threads: 2)
            ).completions(of: [[1, 2], [3], [4, 5, 6]])
        }
        #expect(answers(model) == answers(merged))
        #expect(answers(model) != answers(base))
    }

    @Test("targets and layers choose the maps that are adapted")
    func targets() {
        let model = adapted(
            LoRAConfiguration(rank: 2, targets: ["attn.c_attn", "mlp.c_proj"], layers: [1, 2]))
        #expect(
            model.parameters.own.map(\.name)
                == [
                    "h.1.attn.c_attn", "h.1.mlp.c_proj", "h.2.attn.c_attn", "h.2.mlp.c_proj",
                ].flatMap {
                    ["transformer.\($0).lora_A.weight", "transformer.\($0).lora_B.weight"]
                })
        #expect(model.adaptedMaps.map(\.layer) == [1, 1, 2, 2])
        let unknown = LoRAConfiguration(rank: 2, targets: ["c_attn", "q_proj", "h.7.attn.c_proj"])
        #expect(
            unknown.unknownTargets(in: base.configuration) == ["q_proj", "h.7.attn.c_proj"])
    }

    @Test("with a score head the head and the final norm are the adapter's own")
    func heads() throws {
        let model = adapted(heads: [.score])
        let names = model.parameters.own.suffix(3).map(\.name)
        #expect(names == ["transformer.ln_f.weight", "transformer.ln_f.bias", "score.weight"])
        model.initializeScoreHead(seed: 1)
        let before = logs(base)
        model.scaleScores(by: 3)
        model.shiftScores(by: 2)
        #expect(logs(base) == before, "the base is shared and must not change")
        let sequences = PackedSequences([[1, 2, 3], [4]])
        let plain = LanguageModel(copying: base, heads: [.score])
        plain.initializeScoreHead(seed: 1)
        let copy = LanguageModel(copying: model)
        #expect(copy.scores(of: sequences).array == model.scores(of: sequences).array)
        #expect(copy.parameters.base === base.parameters)
        copy.scaleScores(by: 2)
        #expect(copy.scores(of: sequences).array != model.scores(of: sequences).array)
        // A copy without the head keeps the norm that the adapter was trained with.
        #expect(
            logs(LanguageModel(copying: model, heads: [])).map(\.bitPattern)
                == logs(model).map(\.bitPattern))
    }

    @Test("gradients are those of the merged model's weights carried to A and B")
    func gradients() throws {
        let model = moved(adapted())
        let buffer = GradientBuffer(for: model.parameters)
        let tape = Tape()
        let loss = model.crossEntropy(
            of: batch, tokenWeight: 0.2,
            weights: Weights(model.parameters, tape: tape, gradients: buffer)
        ).loss
        tape.backward(from: loss)
        let merged = model.merged()
        let whole = GradientBuffer(for: merged.parameters)
        let other = Tape()
        let same = merged.crossEntropy(
            of: batch, tokenWeight: 0.2,
            weights: Weights(merged.parameters, tape: other, gradients: whole)
        ).loss
        other.backward(from: same)
        // dB = s · Aᵀ · dW, dA = s · dW · Bᵀ.
        for update in model.parameters.updates {
            let (inputs, outputs) = (update.weight.shape[0], update.weight.shape[1])
            let dW = whole[try merged.parameter(update.weight.name)].array
            let a = model.parameters[update.down].array
            let b = model.parameters[update.up].array
            var dA = [Float](repeating: 0, count: a.count)
            var dB = [Float](repeating: 0, count: b.count)
            for i in 0..<inputs {
                for o in 0..<outputs {
                    for r in 0..<2 {
                        dA[i * 2 + r] += update.scale * dW[i * outputs + o] * b[r * outputs + o]
                        dB[r * outputs + o] += update.scale * dW[i * outputs + o] * a[i * 2 + r]
                    }
                }
            }
            #expect(largestDifference(buffer[update.down].array, dA) < 1e-4)
            #expect(largestDifference(buffer[update.up].array, dB) < 1e-4)
        }
    }

    @Test("layers below the first adapter are no part of the tape's work")
    func frozenLayers() {
        let model = adapted(LoRAConfiguration(rank: 2, layers: [2]))
        #expect(model.firstTrainable(frozenLayers: 0) == base.parameters.flatCount)
        #expect(model.firstTrainable(frozenLayers: 2) == base.parameters.flatCount)
        let all = adapted()
        let first = all.parameters.updates.first { $0.weight.name.contains("h.1.") }
        #expect(all.firstTrainable(frozenLayers: 1) == first?.down.offset)
        #expect(all.firstTrainable(frozenLayers: 3) == all.parameters.flatCount)
        #expect(model.sharesTrunk(with: base, layers: 2))
        #expect(!model.sharesTrunk(with: base, layers: 3))
        let twin = LanguageModel(copying: model)
        #expect(twin.sharesTrunk(with: model, layers: 3))
        #expect(!moved(twin).sharesTrunk(with: model, layers: 3))
    }
}
