import Autograd
import Testing

@testable import LanguageModels

@Suite("Frozen trunk of a language model")
struct LanguageModelTrunkTests {
    private let sequences = [[1, 2, 3, 4, 5], [6], Array(0..<17), [7, 7, 7]]

    @Test("the layers above go on to the hidden states of a whole pass", arguments: 0...4)
    func hidden(layers: Int) {
        let model = LanguageModel.random(layers: 3)
        let batch = PackedSequences(sequences)
        let stream = model.trunk(of: batch, layers: layers)
        #expect(stream.layers == min(layers, 3))
        #expect(stream.values.shape == [26, 12])
        #expect(model.hidden(batch, from: stream).array == model.hidden(batch).array)
        let read = batch.lastRows
        #expect(
            model.hidden(batch, at: read, from: stream).array
                == model.hidden(batch, at: read).array)
    }

    @Test("loss and gradients are those of a pass from the embeddings", arguments: 1...3)
    func gradients(layers: Int) {
        let model = LanguageModel.random(layers: 3)
        let batch = PackedCompletions([
            TokenizedExample(prompt: [1, 2, 3], completion: [4, 5, 6, 0]),
            TokenizedExample(prompt: [9], completion: [8, 0]),
        ])
        func run(from start: ResidualStream?) -> (loss: Float, gradients: [[Float]]) {
            let tape = Tape()
            let buffer = GradientBuffer(for: model.parameters)
            let weights = Weights(
                model.parameters, tape: tape, gradients: buffer,
                firstTrainable: model.firstTrainable(frozenLayers: layers))
            let loss = model.crossEntropy(
                of: batch, tokenWeight: 0.25, weights: weights, from: start
            ).loss
            tape.backward(from: loss)
            return (loss.scalar, model.parameters.parameters.map { buffer[$0].array })
        }
        let whole = run(from: nil)
        let above = run(from: model.trunk(of: batch.sequences, layers: layers))
        #expect(above.loss == whole.loss)
        #expect(above.gradients == whole.gradients)
        #expect(whole.gradients.joined().contains { $0 != 0 })
    }

    @Test("a sequence's stream has the same bits in any company")
    func company() {
        let model = LanguageModel.random(layers: 3)
        let together = model.trunk(of: PackedSequences(sequences), layers: 2).values.array
        let alone = sequences.flatMap {
            model.trunk(of: PackedSequences([$0]), layers: 2).values.array
        }
        #expect(together == alone)
    }

    @Test("a trunk is shared while everything in it is equal, whatever lies above")
    func sharing() throws {
        let model = LanguageModel.random(layers: 3)
        let copy = LanguageModel(copying: model, heads: [.value])
        func change(_ name: String) throws {
            let parameter = try copy.parameter(name)
            copy.parameters.assign(copy.parameters[parameter].array.map { $0 + 1 }, to: parameter)
        }
        #expect(
            (0...4).map { copy.sharesTrunk(with: model, layers: $0) } == [
                true, true, true, true, true,
            ])
        try change("transformer.ln_f.bias")
        #expect(copy.sharesTrunk(with: model, layers: 3))
        try change("transformer.h.1.mlp.c_proj.bias")
        #expect(
            (0...3).map { copy.sharesTrunk(with: model, layers: $0) } == [
                true, true, false, false,
            ])
        try change("transformer.wpe.weight")
        #expect(!copy.sharesTrunk(with: model, layers: 1))
        #expect(!copy.sharesTrunk(with: model, layers: 0))
    }

    @Test("models of other sizes share no trunk")
    func otherSizes() {
        let model = LanguageModel.random(layers: 2)
        let deeper = LanguageModel.random(layers: 3)
        for other in [
            LanguageModel.random(width: 24, layers: 2), .random(layers: 2, heads: 1),
        ] {
            #expect(!model.sharesTrunk(with: other, layers: 1))
        }
        // The lowest layers of both can be the same; all layers of both cannot.
        for parameter in model.parameters.parameters {
            if let twin = deeper.parameters[parameter.name] {
                deeper.parameters.assign(model.parameters[parameter].array, to: twin)
            }
        }
        #expect(model.sharesTrunk(with: deeper, layers: 2))
        #expect(!model.sharesTrunk(with: deeper, layers: 3))
    }
}
