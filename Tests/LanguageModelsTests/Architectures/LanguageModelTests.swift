import Autograd
import Testing

@testable import LanguageModels

@Suite("Language model")
struct LanguageModelTests {
    private func deviation(_ values: [Float]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
        let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        return (mean, (squares / Double(values.count)).squareRoot())
    }

    @Test("fresh parameters have GPT-2's deviations, zeros and ones")
    func initialization() {
        let model = LanguageModel(
            ModelConfiguration(
                vocabularySize: 512, contextLength: 64, width: 64, layerCount: 8, headCount: 4),
            heads: [.score, .value])
        model.initialize(seed: 42)
        for parameter in model.parameters.parameters {
            let values = model.parameters[parameter].array
            let name = parameter.name
            if name.hasSuffix("bias") || name == "score.weight" || name.hasPrefix("v_head") {
                #expect(values.allSatisfy { $0 == 0 }, "\(name)")
            } else if name.contains("ln_") {
                #expect(values.allSatisfy { $0 == 1 }, "\(name)")
            } else {
                // 0.02, and a quarter of it where sixteen parts are added to the residual stream.
                let expected = name.hasSuffix("c_proj.weight") ? 0.005 : 0.02
                let (mean, found) = deviation(values)
                let count = Double(values.count)
                #expect(abs(mean) < 4.5 * expected / count.squareRoot(), "\(name): \(mean)")
                #expect(
                    abs(found - expected) < 4.5 * expected / (2 * count).squareRoot(),
                    "\(name): \(found)")
            }
        }
    }

    @Test("the seed decides every bit, and no two tensors are alike")
    func seeds() throws {
        let one = LanguageModel.random(seed: 1)
        #expect(one.parameters.flatValues == LanguageModel.random(seed: 1).parameters.flatValues)
        #expect(one.parameters.flatValues != LanguageModel.random(seed: 2).parameters.flatValues)
        let first = one.parameters[try one.parameter("transformer.h.0.attn.c_attn.weight")].array
        let second = one.parameters[try one.parameter("transformer.h.1.attn.c_attn.weight")].array
        #expect(first != second)
    }

    @Test("a score head starts with deviation 1/√(width + 1) and touches nothing else")
    func scoreHead() throws {
        let model = LanguageModel.random(width: 1023, layers: 1, heads: 1, scalarHeads: [.score])
        let before = model.parameters.flatValues
        model.initializeScoreHead(seed: 3)
        let head = try model.parameter("score.weight")
        let found = deviation(model.parameters[head].array).deviation
        #expect(abs(found - 1 / 32.0) < 4.5 / 32 / (2 * 1023.0).squareRoot())
        #expect(model.parameters.flatValues[..<head.offset] == before[..<head.offset])
    }

    @Test("a copy is equal, independent, and may have other heads")
    func copying() throws {
        let model = LanguageModel.random()
        let copy = LanguageModel(copying: model, heads: [.value])
        for parameter in model.parameters.parameters {
            let own = try copy.parameter(parameter.name)
            #expect(copy.parameters[own].array == model.parameters[parameter].array)
        }
        #expect(copy.parameters[try copy.parameter("v_head.summary.bias")].array == [0])
        let norm = try model.parameter("transformer.ln_f.bias")
        model.parameters.assign([Float](repeating: 5, count: 12), to: norm)
        #expect(
            copy.parameters[try copy.parameter(norm.name)].array == [Float](repeating: 0, count: 12)
        )
    }

    @Test("scores agree with transformers to 1e-4, one by one and together")
    func scores() throws {
        let model = try GPT2Fixture.rewardModel()
        let expected = try GPT2Fixture.load().rewardScores
        let together = model.scores(of: PackedSequences(expected.map(\.ids))).array
        #expect(largestDifference(together, expected.map(\.score)) <= 1e-4)
        let alone = expected.map { model.scores(of: PackedSequences([$0.ids])).scalar }
        #expect(largestDifference(together, alone) <= 1e-5)
    }

    @Test("only the last token is read: a score does not change when a sequence follows")
    func lastToken() {
        let model = LanguageModel.random(scalarHeads: [.score])
        model.initializeScoreHead(seed: 1)
        let one = model.scores(of: PackedSequences([[1, 2, 3]])).scalar
        let more = model.scores(of: PackedSequences([[9], [1, 2, 3], [4, 4]])).array
        #expect(abs(more[1] - one) <= 1e-6)
        #expect(abs(more[1] - more[0]) > 1e-3)
    }

    @Test("scores are multiplied and shifted by what is asked for")
    func moveScores() throws {
        let model = try GPT2Fixture.rewardModel()
        let batch = PackedSequences(try GPT2Fixture.load().rewardScores.map(\.ids))
        let before = model.scores(of: batch).array
        model.scaleScores(by: -2.5)
        let scaled = model.scores(of: batch).array
        #expect(largestDifference(scaled, before.map { -2.5 * $0 }) <= 1e-5)
        model.shiftScores(by: 7)
        #expect(largestDifference(model.scores(of: batch).array, scaled.map { $0 + 7 }) <= 1e-5)
    }

    @Test("a score head of zeros cannot be shifted, and stays as it is")
    func zeroHead() {
        let model = LanguageModel.random(scalarHeads: [.score])
        let before = model.parameters.flatValues
        model.shiftScores(by: 3)
        #expect(model.parameters.flatValues == before)
    }

    @Test("the value of a token is its hidden state times the head, plus the bias")
    func values() throws {
        let model = LanguageModel.random(scalarHeads: [.value])
        let hidden = model.hidden(PackedSequences([[1, 2, 3]]))
        #expect(model.values(ofHidden: hidden).array == [0, 0, 0])
        model.parameters.assign([0.5], to: try model.parameter("v_head.summary.bias"))
        var weight = [Float](repeating: 0, count: 12)
        weight[4] = 2
        model.parameters.assign(weight, to: try model.parameter("v_head.summary.weight"))
        let found = model.values(ofHidden: hidden).array
        let expected = (0..<3).map { 2 * hidden.array[$0 * 12 + 4] + 0.5 }
        #expect(largestDifference(found, expected) <= 1e-6)
    }

    @Test("a score model gives values too: at the last token the value is the score")
    func scoreAsValue() {
        let model = LanguageModel.random(scalarHeads: [.score])
        model.initializeScoreHead(seed: 1)
        let batch = PackedSequences([[1, 2, 3], [4]])
        let values = model.values(ofHidden: model.hidden(batch)).array
        #expect(largestDifference([values[2], values[3]], model.scores(of: batch).array) <= 1e-6)
    }

    @Test("cross-entropy is the negative sum of the completion's log-probabilities")
    func crossEntropy() {
        let model = LanguageModel.random()
        let batch = PackedCompletions([
            TokenizedExample(prompt: [1, 2, 3], completion: [4, 5, 6, 0]),
            TokenizedExample(prompt: [7], completion: []),
            TokenizedExample(prompt: [], completion: [8, 9, 0]),
        ])
        let logs = model.logProbabilities(of: batch).logProbabilities.array
        #expect(logs.count == 6)
        let loss = model.crossEntropy(of: batch, tokenWeight: 0.5).loss.scalar
        #expect(abs(loss + 0.5 * logs.reduce(0, +)) <= 1e-5)
    }

    @Test("completions without a token have the loss 0 and a gradient of zeros")
    func emptyCompletions() {
        let model = LanguageModel.random()
        let batch = PackedCompletions([TokenizedExample(prompt: [1, 2], completion: [])])
        let tape = Tape()
        let buffer = GradientBuffer(for: model.parameters)
        let weights = Weights(model.parameters, tape: tape, gradients: buffer)
        let (loss, correctCount) = model.crossEntropy(of: batch, tokenWeight: 1, weights: weights)
        #expect(loss.scalar == 0 && correctCount == 0)
        tape.backward(from: loss)
        for parameter in model.parameters.parameters {
            #expect(buffer[parameter].array.allSatisfy { $0 == 0 }, "\(parameter.name)")
        }
    }
}
