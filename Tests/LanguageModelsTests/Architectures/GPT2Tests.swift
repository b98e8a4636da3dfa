import Autograd
import Testing

@testable import LanguageModels

@Suite("GPT-2")
struct GPT2Tests {
    @Test("parameters have the names, shapes and order of the configuration's checkpoint")
    func parameterNames() throws {
        let model = try GPT2Fixture.rewardModel()
        #expect(
            model.parameters.parameters.map(\.name)
                == model.configuration.parameterShapes.map(\.name))
        #expect(
            model.parameters.parameters.map(\.shape)
                == model.configuration.parameterShapes.map(\.shape))
    }

    @Test("log-probabilities of every token agree with transformers to 1e-4")
    func logProbabilities() throws {
        let fixture = try GPT2Fixture.load()
        let model = try GPT2Fixture.languageModel()
        let batch = PackedCompletions(fixture.scored.map(\.example))
        let found = model.logProbabilities(of: batch).logProbabilities.array
        let error = largestDifference(found, fixture.scored.flatMap(\.tokenLogProbabilities))
        #expect(error <= 1e-4, "\(error)")
        var start = 0
        for (row, count) in zip(fixture.scored, batch.counts) {
            let sum = found[start..<(start + count)].reduce(0, +)
            #expect(abs(sum - row.logProbability) <= 1e-4 * Float(count))
            start += count
        }
    }

    @Test("logits agree with transformers to 1e-4")
    func lastLogits() throws {
        let model = try GPT2Fixture.languageModel()
        for row in try GPT2Fixture.load().scored {
            let batch = PackedSequences([row.ids])
            let hidden = rows(of: model.hidden(batch), at: batch.lastRows)
            let found = logits(hidden, table: model.tokenTable()).array
            let error = largestDifference(Array(found.prefix(16)), row.lastLogits)
            #expect(error <= 1e-4, "\(error)")
        }
    }

    @Test("loss and every gradient tensor agree with PyTorch")
    func gradients() throws {
        let fixture = try GPT2Fixture.load()
        let model = try GPT2Fixture.languageModel()
        let batch = PackedCompletions(fixture.scored.prefix(4).map(\.example))
        let tape = Tape()
        let buffer = GradientBuffer(for: model.parameters)
        let loss = model.crossEntropy(
            of: batch, tokenWeight: 1 / Float(batch.targets.count),
            weights: Weights(model.parameters, tape: tape, gradients: buffer)
        ).loss
        tape.backward(from: loss)
        #expect(abs(loss.scalar - fixture.firstBatch.loss) <= 1e-5)

        let file = try SafetensorsFile(path: GPT2Fixture.folder + "/gradients.safetensors")
        #expect(file.names.count == model.parameters.parameters.count)
        for parameter in model.parameters.parameters {
            let expected = try file.tensor(parameter.name).values
            let magnitude = expected.reduce(0) { max($0, Double(abs($1))) }
            let error = largestDifference(buffer[parameter].array, expected) / magnitude
            #expect(error <= 1e-5, "\(parameter.name): \(error)")
        }
    }

    @Test("decoding with the cache gives the hidden states of a whole pass")
    func cachedDecoding() throws {
        let model = LanguageModel.random()
        let sequences = [Array(0..<20), [5, 3, 1], Array(repeating: 7, count: 9)]
        let prompts = [11, 1, 8]
        let whole = model.hidden(PackedSequences(sequences)).array
        let starts = PackedSequences(sequences).starts
        let width = model.configuration.width
        func expected(_ sequence: Int, _ position: Int) -> [Float] {
            let row = starts[sequence] + position
            return Array(whole[(row * width)..<((row + 1) * width)])
        }

        let cache = KeyValueCache(
            layers: 2, slots: 3, capacity: 24, width: width, heads: model.configuration.headCount)
        let weights = Weights(model.parameters)
        var last = model.architecture.prefill(
            PackedSequences(zip(sequences, prompts).map { Array($0[..<$1]) }), weights: weights,
            cache: cache, slots: [0, 1, 2])
        cache.advance(slots: [0, 1, 2], counts: prompts)
        var active = [0, 1, 2]
        var position = prompts.map { $0 - 1 }
        while !active.isEmpty {
            for (row, slot) in active.enumerated() {
                let found = Array(last.array[(row * width)..<((row + 1) * width)])
                let error = largestDifference(found, expected(slot, position[slot]))
                #expect(error <= 1e-5, "sequence \(slot), token \(position[slot]): \(error)")
                position[slot] += 1
            }
            active = active.filter { position[$0] < sequences[$0].count }
            if active.isEmpty { break }
            last = model.architecture.decode(
                tokens: active.map { sequences[$0][position[$0]] },
                positions: active.map { position[$0] }, weights: weights, cache: cache,
                slots: active)
        }
    }

    @Test("neighbours in a batch change no log-probability beyond 1e-5")
    func neighbours() throws {
        let fixture = try GPT2Fixture.load()
        let model = try GPT2Fixture.languageModel()
        let examples = fixture.scored.map(\.example)
        let together = model.logProbabilities(of: PackedCompletions(examples))
            .logProbabilities.array
        let alone = examples.flatMap {
            model.logProbabilities(of: PackedCompletions([$0])).logProbabilities.array
        }
        let error = largestDifference(together, alone)
        #expect(error <= 1e-5, "\(error)")
    }

    @Test("layers are frozen from the bottom, the embeddings with them")
    func firstTrainable() throws {
        let model = LanguageModel.random(layers: 3, scalarHeads: [.score])
        #expect(model.firstTrainable(frozenLayers: 0) == 0)
        #expect(
            model.firstTrainable(frozenLayers: 1)
                == (try model.parameter("transformer.h.1.ln_1.weight").offset))
        #expect(
            model.firstTrainable(frozenLayers: 2)
                == (try model.parameter("transformer.h.2.ln_1.weight").offset))
        for all in [3, 9] {
            #expect(
                model.firstTrainable(frozenLayers: all)
                    == (try model.parameter("transformer.ln_f.weight").offset))
        }
    }

    @Test("frozen parameters get no gradient, and the others the same as without freezing")
    func frozenGradients() {
        let model = LanguageModel.random(layers: 3)
        let batch = PackedCompletions([
            TokenizedExample(prompt: [1, 2, 3], completion: [4, 5, 6, 0]),
            TokenizedExample(prompt: [9], completion: [8, 0]),
        ])
        func gradients(frozenLayers: Int) -> GradientBuffer {
            let tape = Tape()
            let buffer = GradientBuffer(for: model.parameters)
            let first = model.firstTrainable(frozenLayers: frozenLayers)
            let weights = Weights(
                model.parameters, tape: tape, gradients: buffer, firstTrainable: first)
            tape.backward(
                from: model.crossEntropy(of: batch, tokenWeight: 1, weights: weights).loss)
            return buffer
        }
        let all = gradients(frozenLayers: 0)
        for frozenLayers in 1...3 {
            let first = model.firstTrainable(frozenLayers: frozenLayers)
            let some = gradients(frozenLayers: frozenLayers)
            for parameter in model.parameters.parameters {
                if parameter.offset < first {
                    #expect(some[parameter].array.allSatisfy { $0 == 0 })
                } else {
                    #expect(some[parameter].array == all[parameter].array)
                    #expect(some[parameter].array.contains { $0 != 0 })
                }
            }
        }
    }

    @Test(
        "hidden states and gradients of chosen rows are those of a pass over all rows",
        arguments: [1, 3])
    func chosenRows(layers: Int) {
        let model = LanguageModel.random(layers: layers)
        let batch = PackedSequences([[1, 2, 3, 4], Array(5..<20), [0]])
        // In any order, one of them twice, and none of the last sequence.
        let chosen = [18, 3, 7, 3, 0]
        let factors = (0..<(chosen.count * 12)).map { Float($0 % 7) - 2.5 }
        func run(_ hidden: (Weights) -> Tensor) -> (values: [Float], gradients: GradientBuffer) {
            let tape = Tape()
            let buffer = GradientBuffer(for: model.parameters)
            let result = hidden(Weights(model.parameters, tape: tape, gradients: buffer))
            tape.backward(from: result.sum(weights: factors))
            return (result.array, buffer)
        }
        let some = run { model.hidden(batch, at: chosen, weights: $0) }
        let all = run { rows(of: model.hidden(batch, weights: $0), at: chosen) }
        #expect(some.values.count == chosen.count * 12)
        #expect(largestDifference(some.values, all.values) <= 1e-5)
        for parameter in model.parameters.parameters {
            let expected = all.gradients[parameter].array
            let magnitude = expected.reduce(1) { max($0, Double(abs($1))) }
            let error = largestDifference(some.gradients[parameter].array, expected) / magnitude
            #expect(error <= 1e-5, "\(parameter.name): \(error)")
        }
        #expect(model.hidden(batch, at: []).shape == [0, 12])
    }
}
