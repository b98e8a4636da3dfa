import Alignment
import ArgumentParser
import HumanFeedback
import TerminalUI

/// `:samples`: what a policy answered while it was trained.
struct SamplesCommand: PagedCommand {
    static let configuration = CommandConfiguration(
        commandName: "samples", abstract: "Answers of a run along its way, side by side.",
        discussion: """
            Every update of ppo, rloo, grpo and the like keeps a few of the answers that it was trained \
            on; the same questions come back while the run goes on. Without --step the first and the last \
            answers to the same questions are set beside each other. Scores are those of training; gold \
            ones stand beside them where the slot gold is filled.

              :samples                       the latest run that has any
              :samples 9 --step 1 20 40
            """)
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A run: the number of its cell, its name, or the latest of a recipe.")
    var run: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Steps to show, the nearest that are kept.", valueName: "N"))
    var step: [Int] = []

    @Option(help: ArgumentHelp("Questions to show.", valueName: "N"))
    var count = 3

    func validate() throws {
        if count < 1 { throw ValidationError("--count is at least 1") }
        if step.contains(where: { $0 < 1 }) { throw ValidationError("--step is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        let lookup = RunLookup(context)
        let (found, rows) = try rows(lookup)
        let history = SampleHistory(rows)
        let steps = step.isEmpty ? [rows[0].step, rows[rows.count - 1].step] : step
        let gold = try context.goldIfLoaded()
        context.console.say(
            "\(found.label), answers kept from step \(rows[0].step) to \(rows[rows.count - 1].step)",
            .strong)
        for (prompt, answers) in history.answers(near: steps).prefix(count) {
            let boxes = answers.map { answer in
                TextBox(
                    title: Self.title(answer, gold),
                    text: answer.sample.completion.trimmingBlanks.isEmpty
                        ? "(empty)" : answer.sample.completion.trimmingBlanks)
            }
            var parts: [any Renderable] = [Paragraph(prompt, .strong)]
            for first in stride(from: 0, to: boxes.count, by: 2) {
                parts.append(
                    first + 1 < boxes.count
                        ? SideBySide(left: boxes[first], right: boxes[first + 1])
                        : boxes[first])
            }
            context.console.show(Stack(parts))
        }
    }

    /// The run that is meant, and its steps with answers.
    private func rows(_ lookup: RunLookup) throws -> (SessionRun, [MetricRow]) {
        let candidates = try run.map { [try lookup.run($0)] } ?? lookup.runs.reversed()
        for candidate in candidates {
            let rows = try lookup.metrics(of: candidate).rows.filter { !$0.samples.isEmpty }
            if !rows.isEmpty { return (candidate, rows) }
        }
        throw CommandError(
            run == nil
                ? "no run has kept answers yet; :train ppo and its relatives do"
                : "\(candidates[0].label) kept no answers; :train ppo and its relatives do")
    }

    private static func title(_ answer: SampleHistory.Answer, _ gold: RuleScorer?) -> String {
        var title = "step \(answer.step)"
        if let score = answer.sample.score { title += "  score \(formatted(score, decimals: 1))" }
        if let gold {
            let points = gold.score(
                prompt: answer.sample.prompt, completion: answer.sample.completion)
            title += "  gold \(formatted(points, decimals: 1))"
        }
        return title
    }
}

/// The answers of a run by the question.
struct SampleHistory {
    struct Answer {
        let step: Int
        let sample: PromptedCompletion
    }

    /// In the order in which questions were first answered.
    private var questions: [(prompt: String, answers: [Answer])] = []

    init(_ rows: [MetricRow]) {
        var places: [String: Int] = [:]
        for row in rows {
            for sample in row.samples {
                let place = places[sample.prompt] ?? questions.count
                if place == questions.count { questions.append((sample.prompt, [])) }
                places[sample.prompt] = place
                questions[place].answers.append(Answer(step: row.step, sample: sample))
            }
        }
    }

    /// For each question its answers nearest to the steps, each of them once; questions that were
    /// answered nearest to all steps come first, those with fewer answers last.
    func answers(near steps: [Int]) -> [(prompt: String, answers: [Answer])] {
        let found = questions.enumerated().map {
            place, question -> (missing: Int, distance: Int, place: Int, answers: [Answer]) in
            var chosen: [Answer] = []
            var distance = 0
            for step in steps {
                guard
                    let nearest = question.answers.min(by: {
                        (abs($0.step - step), $0.step) < (abs($1.step - step), $1.step)
                    })
                else { continue }
                distance += abs(nearest.step - step)
                if !chosen.contains(where: { $0.step == nearest.step }) { chosen.append(nearest) }
            }
            return (steps.count - chosen.count, distance, place, chosen)
        }
        return found.sorted {
            ($0.missing, $0.distance, $0.place) < ($1.missing, $1.distance, $1.place)
        }
        .map { (questions[$0.place].prompt, $0.answers) }
    }
}
