import Autograd
import Testing

@testable import LanguageModels

/// What stands beside a row in a batch changes none of its bits: not the number of neighbours, not their
/// lengths, not the row's place among them.
@Suite("Bits of a row in a batch")
struct RowBitsTests {
    /// A model and, for every length up to its context, one sequence with what it gives alone.
    private struct Alone {
        let model: LanguageModel
        let sequences: [[Int]]
        let results: [RowResults]

        init(_ model: LanguageModel, longest: Int) {
            self.model = model
            var random = RandomStream(seed: 1, purpose: RandomPurpose("row bits"))
            let vocabulary = model.configuration.vocabularySize
            sequences = (1...longest).map { length in
                (0..<length).map { _ in random.nextIndex(below: vocabulary) }
            }
            results = sequences.map { RowResults.all(of: [$0], model)[0] }
        }
    }

    static let models: [LanguageModelShape] = [
        LanguageModelShape(vocabulary: 97, width: 33, heads: 3),
        // More columns than a block of a product holds, and whole panels.
        LanguageModelShape(vocabulary: 401, width: 128, heads: 4),
    ]

    @Test("are those of the row alone, in batches of 1 to 33 rows", arguments: models)
    func everyBatchSize(shape: LanguageModelShape) {
        let alone = Alone(shape.model(context: 70), longest: 70)
        var random = RandomStream(seed: 2, purpose: RandomPurpose("row bits"))
        for count in 1...33 {
            for _ in 0..<2 {
                let chosen = Array(random.permutation(of: alone.sequences.count).prefix(count))
                let found = RowResults.all(of: chosen.map { alone.sequences[$0] }, alone.model)
                for (place, index) in chosen.enumerated() {
                    found[place].expectSameBits(
                        alone.results[index],
                        "length \(index + 1), place \(place) of \(count) rows")
                }
            }
        }
    }

    @Test(
        "are the same first, in the middle and last, beside short and long rows", arguments: models)
    func everyPlace(shape: LanguageModelShape) {
        let alone = Alone(shape.model(context: 70), longest: 70)
        for index in [0, 1, 14, 16, 32, 63, 64, 69] {
            for neighbour in [0, 6, 69] {
                for place in [0, 3, 7] {
                    var batch = [[Int]](repeating: alone.sequences[neighbour], count: 8)
                    batch[place] = alone.sequences[index]
                    RowResults.all(of: batch, alone.model)[place].expectSameBits(
                        alone.results[index],
                        "length \(index + 1), place \(place), beside length \(neighbour + 1)")
                }
            }
        }
    }

    @Test("are the same in a long batch, whose logits are made in several parts")
    func manyRows() {
        let alone = Alone(Self.models[1].model(context: 70), longest: 70)
        let found = RowResults.all(of: alone.sequences, alone.model)
        for (index, result) in found.enumerated() {
            result.expectSameBits(alone.results[index], "length \(index + 1)")
        }
    }

    @Test("are the same beside sequences that begin alike", arguments: models)
    func sharedBeginnings(shape: LanguageModelShape) {
        let model = shape.model(context: 70)
        var random = RandomStream(seed: 3, purpose: RandomPurpose("row bits"))
        let vocabulary = model.configuration.vocabularySize
        for shared in [7, 8, 31, 32, 33, 60] {
            let beginning = (0..<shared).map { _ in random.nextIndex(below: vocabulary) }
            var sequences = [0, 1, 5, 10, 0, 8].map { length in
                beginning + (0..<length).map { _ in random.nextIndex(below: vocabulary) }
            }
            // Beginnings of beginnings.
            sequences.append(sequences[3].dropLast() + [1])
            sequences.append(sequences[3].dropLast(3) + [2, 3])
            let found = RowResults.all(of: sequences, model)
            for (sequence, result) in zip(sequences, found) {
                result.expectSameBits(
                    RowResults.all(of: [sequence], model)[0],
                    "\(shared) tokens alike, length \(sequence.count)")
            }
        }
    }

    @Test("are the same with a tape and without one")
    func tape() {
        let model = Self.models[0].model(context: 70)
        let examples = (1...20).map {
            TokenizedExample(prompt: Array(1...$0), completion: [5, 6, 0])
        }
        let batch = PackedCompletions(examples)
        let recorded = model.logProbabilities(
            of: batch,
            weights: Weights(
                model.parameters, tape: Tape(), gradients: GradientBuffer(for: model.parameters)))
        let alone = examples.flatMap {
            model.logProbabilities(of: PackedCompletions([$0])).logProbabilities.array
        }
        #expect(recorded.logProbabilities.array.map(\.bitPattern) == alone.map(\.bitPattern))
    }
}

/// The sizes of a model under test.
struct LanguageModelShape: Sendable, CustomTestStringConvertible {
    let vocabulary, width, heads: Int

    var testDescription: String { "width \(width), vocabulary \(vocabulary)" }

    func model(context: Int) -> LanguageModel {
        let model = LanguageModel.random(
            vocabulary: vocabulary, context: context, width: width, heads: heads,
            scalarHeads: [.score])
        model.initializeScoreHead(seed: 1)
        return model
    }
}

/// Everything a model says about one sequence.
private struct RowResults {
    /// Logits after every token, log-probabilities and entropies of all tokens but the first.
    let logits, logProbabilities, entropies: [UInt32]
    let score: UInt32

    static func all(of sequences: [[Int]], _ model: LanguageModel) -> [RowResults] {
        let packed = PackedSequences(sequences)
        let vocabulary = model.configuration.vocabularySize
        let scores = model.scores(of: packed).array
        let logits = Autograd.logits(model.hidden(packed), table: model.tokenTable()).array
        let completions = PackedCompletions(
            sequences.map { TokenizedExample(prompt: [$0[0]], completion: Array($0.dropFirst())) })
        let (logs, entropies) = model.logProbabilities(of: completions, temperature: 1.25)
        let (allLogs, allEntropies) = (logs.array, entropies.array)
        var firstPrediction = 0
        return sequences.indices.map { row in
            let predictions = firstPrediction..<(firstPrediction + completions.counts[row])
            firstPrediction = predictions.upperBound
            let own = packed.rows(of: row).map {
                logits[($0 * vocabulary)..<(($0 + 1) * vocabulary)]
            }
            return RowResults(
                logits: own.joined().map(\.bitPattern),
                logProbabilities: allLogs[predictions].map(\.bitPattern),
                entropies: allEntropies[predictions].map(\.bitPattern),
                score: scores[row].bitPattern)
        }
    }

    func expectSameBits(
        _ other: RowResults, _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        // One line for a failing row: a list of thousands of bit patterns tells nobody anything.
        var different: [String] = []
        if logits != other.logits { different.append("logits") }
        if logProbabilities != other.logProbabilities { different.append("log-probabilities") }
        if entropies != other.entropies { different.append("entropies") }
        if score != other.score { different.append("score") }
        #expect(different == [], what, sourceLocation: sourceLocation)
    }
}
