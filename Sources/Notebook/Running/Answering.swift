import Alignment
import HumanFeedback
import LanguageModels
import OrderedJSON
import TerminalUI

/// Completions of text prompts by a model of the workspace.
struct Answering {
    let loaded: LoadedModel
    let sampling: SamplingParameters
    let maxNewTokens: Int
    let settings: Settings

    /// A completion as text, with why it ended.
    struct Answer {
        let prompt: String
        let completion: String
        let tokens: TokenizedExample
        let stopReason: StopReason

        /// A row of a file of completions.
        func json(score: Float? = nil) -> JSON {
            var object = JSONObject([
                ("prompt", .string(prompt)), ("completion", .string(completion)),
                ("stop_reason", .string(stopReason.rawValue)),
            ])
            if let score { object["score"] = .number(Double(score)) }
            return .object(object)
        }
    }

    /// `count` completions of each prompt, prompt by prompt.
    ///
    /// - Parameter batchSize: Prompts decoded together; memory grows with it, results do not change.
    func answers(
        to prompts: [String], count: Int = 1, batchSize: Int = 64,
        progress: (Int) -> Void = { _ in }
    ) throws -> [Answer] {
        let encoder = ExampleEncoder(loaded)
        let tokenized = try prompts.map { try encoder.prompt($0) }
        let generator = Generator(
            model: loaded.model, sampling: sampling, maxNewTokens: maxNewTokens,
            endOfText: loaded.endOfText, seed: settings.seed, plan: settings.plan,
            precision: settings.precision)
        var answers: [Answer] = []
        let total = tokenized.count * count
        while answers.count < total {
            let range = answers.count..<min(total, answers.count + batchSize)
            let batch = range.map { tokenized[$0 / count] }
            let completions = generator.completions(
                of: batch, firstSample: range.lowerBound, isCancelled: { Interrupts.isRaised })
            if Interrupts.isRaised {
                throw CommandError.interrupted(
                    "generation was stopped after \(answers.count) of \(total) completions; nothing "
                        + "was kept")
            }
            for (place, completion) in zip(range, completions) {
                answers.append(
                    Answer(
                        prompt: prompts[place / count],
                        completion: loaded.text(of: completion.tokens),
                        tokens: TokenizedExample(
                            prompt: tokenized[place / count], completion: completion.tokens),
                        stopReason: completion.stopReason))
            }
            progress(answers.count)
        }
        return answers
    }
}
