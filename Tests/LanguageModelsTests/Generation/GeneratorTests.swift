import Autograd
import Foundation
import Synchronization
import Testing

@testable import LanguageModels

@Suite("Generation")
struct GeneratorTests {
    private func generator(
        _ model: LanguageModel, _ sampling: SamplingParameters = SamplingParameters(),
        maxNewTokens: Int = 10, endOfText: Int? = 0, step: Int = 0, shards: Int = 4,
        threads: Int = 1
    ) -> Generator {
        Generator(
            model: model, sampling: sampling, maxNewTokens: maxNewTokens, endOfText: endOfText,
            seed: 42, step: step, plan: ParallelPlan(shards: shards, threads: threads))
    }

    private let prompts = [[1, 2, 3], [4], [5, 6, 7, 8, 9], [10, 11], [4], [1, 2], [3, 3, 3]]

    @Test("greedy completions are those of transformers, token by token", arguments: [1, 3, 8])
    func greedy(shards: Int) throws {
        let fixture = try GPT2Fixture.load()
        let generator = generator(
            try GPT2Fixture.languageModel(), .greedy, maxNewTokens: 32,
            endOfText: fixture.endOfText.id, shards: shards)
        let found = generator.completions(of: fixture.greedy.map(\.promptIDs))
        #expect(found.map(\.tokens) == fixture.greedy.map(\.ids))
        #expect(
            found.map(\.stopReason)
                == fixture.greedy.map { $0.stoppedAtEnd ? .endOfText : .length })
    }

    @Test("greedy text, from the prompt's text on")
    func greedyText() throws {
        let fixture = try GPT2Fixture.load()
        let tokenizer = try ModelFolder(path: GPT2Fixture.folder + "/tiny").tokenizer()
        #expect(tokenizer.endOfText == fixture.endOfText.id)
        for row in fixture.greedy {
            #expect(tokenizer.encode(row.prompt) == row.promptIDs)
            let kept = row.stoppedAtEnd ? Array(row.ids.dropLast()) : row.ids
            #expect(tokenizer.decode(kept) == row.completion)
        }
    }

    @Test("the same bits on any number of threads", arguments: [2, 3, 8])
    func threads(threads: Int) {
        let model = LanguageModel.random()
        #expect(
            generator(model, threads: threads).completions(of: prompts)
                == generator(model).completions(of: prompts))
    }

    @Test("a completion does not depend on the company it is decoded in")
    func company() {
        let model = LanguageModel.random()
        let together = generator(model).completions(of: prompts)
        #expect(generator(model, shards: 1).completions(of: prompts) == together)
        for (index, prompt) in prompts.enumerated() {
            let alone = generator(model).completions(of: [prompt], firstSample: index)
            #expect(alone == [together[index]])
        }
    }

    @Test("samples differ between prompts, steps and seeds, and repeat with the same ones")
    func streams() {
        let model = LanguageModel.random()
        let plain = generator(model).completions(of: prompts)
        #expect(generator(model).completions(of: prompts) == plain)
        #expect(generator(model, step: 1).completions(of: prompts) != plain)
        var other = generator(model)
        other.seed = 43
        #expect(other.completions(of: prompts) != plain)
        // The same prompt twice in a batch.
        #expect(plain[1] != plain[4])
    }

    @Test("a completion ends at the end token, which is part of it")
    func endOfText() {
        let model = LanguageModel.random(vocabulary: 5)
        let results = generator(model, maxNewTokens: 20).completions(
            of: [[Int]](repeating: [1], count: 20))
        let ended = results.filter { $0.stopReason == .endOfText }
        #expect(!ended.isEmpty)
        for result in ended {
            #expect(result.tokens.last == 0)
            #expect(!result.tokens.dropLast().contains(0))
        }
        for result in results where result.stopReason == .length {
            #expect(result.tokens.count == 20 && !result.tokens.contains(0))
        }
    }

    @Test("without an end token every completion runs to its length")
    func noEndToken() {
        let results = generator(.random(vocabulary: 5), maxNewTokens: 6, endOfText: nil)
            .completions(of: prompts.map { $0.map { $0 % 5 } })
        #expect(results.allSatisfy { $0.stopReason == .length && $0.tokens.count == 6 })
    }

    @Test("a completion ends where the context is full, prompt and completion together")
    func context() {
        let model = LanguageModel.random(context: 12)
        let results = generator(model, maxNewTokens: 50, endOfText: nil).completions(
            of: [Array(1...11), Array(1...5), [1]])
        #expect(results.map(\.tokens.count) == [1, 7, 11])
        #expect(results.allSatisfy { $0.stopReason == .context })
        // Both limits at once: the length asked for comes first.
        let both = generator(model, maxNewTokens: 7, endOfText: nil).completions(of: [Array(1...5)])
        #expect(both[0].tokens.count == 7 && both[0].stopReason == .length)
    }

    @Test("no new tokens, and no prompts, are answered with nothing")
    func nothing() {
        let model = LanguageModel.random()
        #expect(generator(model).completions(of: []) == [])
        let none = generator(model, maxNewTokens: 0).completions(of: [[1]])
        #expect(none == [GeneratedCompletion(tokens: [], stopReason: .length)])
    }

    @Test("streaming gives the tokens of the batch, in order")
    func streaming() {
        let model = LanguageModel.random()
        let batch = generator(model).completions(of: prompts)
        for (index, prompt) in prompts.enumerated() {
            var seen: [Int] = []
            let streamed = generator(model).stream(prompt, sample: index) { token in
                seen.append(token)
                return true
            }
            #expect(streamed == batch[index])
            #expect(seen == batch[index].tokens)
        }
    }

    @Test("a stream ends when the listener says so, as interrupted, with what there is")
    func streamStopped() {
        let generator = generator(.random(), endOfText: nil)
        var seen = 0
        let result = generator.stream([1, 2]) { _ in
            seen += 1
            return seen < 3
        }
        #expect(seen == 3 && result.tokens.count == 3)
        #expect(result.stopReason == .interrupted)
        let whole = generator.completions(of: [[1, 2]])[0]
        #expect(result.tokens == Array(whole.tokens.prefix(3)))
    }

    @Test("cancelling ends all completions as interrupted", arguments: [1, 2])
    func cancellation(threads: Int) {
        let asked = Mutex(0)
        let results = generator(.random(), endOfText: nil, shards: 2, threads: threads)
            .completions(of: prompts) {
                asked.withLock {
                    $0 += 1
                    return $0 > 6
                }
            }
        #expect(results.count == prompts.count)
        #expect(results.allSatisfy { $0.stopReason == .interrupted && $0.tokens.count < 10 })
    }

    @Test("first tokens come as the model's distribution says")
    func distribution() {
        let model = LanguageModel.random(vocabulary: 9)
        let batch = PackedSequences([[1, 2, 3]])
        let hidden = rows(of: model.hidden(batch), at: batch.lastRows)
        let z = logits(hidden, table: model.tokenTable()).array.map { exp(Double($0) / 1.5) }
        let probabilities = z.map { $0 / z.reduce(0, +) }
        let results = generator(
            model, SamplingParameters(temperature: 1.5), maxNewTokens: 1, endOfText: nil
        ).completions(of: [[Int]](repeating: [1, 2, 3], count: 3000))
        var counts = [Int](repeating: 0, count: 9)
        for result in results { counts[result.tokens[0]] += 1 }
        // χ² with 8 degrees of freedom is above 26.1 once in a thousand.
        #expect(chiSquare(counts, probabilities: probabilities) < 26.1)
    }

    @Test("an empty prompt, and one that leaves no room in the context, are refused")
    func refusals() async {
        await #expect(processExitsWith: .failure) {
            _ = Generator(
                model: .random(), maxNewTokens: 1, endOfText: nil, seed: 1,
                plan: ParallelPlan(threads: 1)
            ).completions(of: [[]])
        }
        await #expect(processExitsWith: .failure) {
            _ = Generator(
                model: .random(context: 4), maxNewTokens: 1, endOfText: nil, seed: 1,
                plan: ParallelPlan(threads: 1)
            ).completions(of: [[1, 2, 3, 4]])
        }
    }
}
