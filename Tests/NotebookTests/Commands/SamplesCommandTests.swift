import OrderedJSON
import Testing

import struct Alignment.PromptedCompletion

@testable import Notebook

@Suite struct SamplesCommandTests {
    private let fixture: NotebookFixture
    private let tiny = CommandFixture.fixture("gpt2/tiny")
    private let reward = CommandFixture.fixture("gpt2/reward")
    private let rows = CommandFixture.fixture("gpt2/rows.jsonl")

    init() throws { fixture = try NotebookFixture() }

    private func train(_ options: String) -> Cell {
        fixture.notebook.execute(
            .init(
                source: ":train ppo --model \(tiny) --reward \(reward) --prompts \(rows) "
                    + "--batch-size 6 --minibatch-size 3 --ppo-epochs 1 --max-new-tokens 6 \(options)"
            ))
    }

    private func show(_ line: String) throws -> String {
        fixture.notebook.performUnrecorded(try CommandLineParser.command(line))
        return fixture.notebook.console.outputs.map {
            if case .text(let text) = $0.content { text } else { "" }
        }.joined()
    }

    @Test func everyUpdateKeepsAnswersAndTheyAreShownSideBySide() throws {
        // 44 prompts, 6 an update: the first ones come again from the eighth update on.
        let cell = train("--steps 12 --learning-rate 1e-3")
        #expect(cell.error == nil)
        let series = try MetricSeries(path: fixture.notebook.metricsPath(of: cell.id))
        #expect(series.rows.count == 12)
        #expect(series.rows.allSatisfy { $0.samples.count >= 3 })
        let shown = try show(":samples --count 2")
        #expect(shown.contains("answers kept from step 1 to 12"))
        #expect(shown.contains("┌─ step 1  score "), "\(shown)")
        let other = try show(":samples \(cell.number) --step 3 --count 1")
        #expect(other.contains("┌─ step 3  score "))
        // What is kept to be read is not part of what replays compare.
        let bare = MetricSeries(
            rows: series.rows.map { MetricRow(step: $0.step, values: $0.values) })
        #expect(bare.digest == series.digest)
    }

    @Test func aRunWithoutAnswersSaysSo() throws {
        _ = try show(":samples")
        let cell = fixture.notebook.execute(
            .init(
                source: ":train sft --model \(tiny) --data \(rows) --steps 2 --batch-size 4"))
        #expect(cell.error == nil)
        let command = try CommandLineParser.command(":samples 1")
        let context = CommandContext(
            settings: fixture.notebook.settings, console: fixture.notebook.console,
            workspace: fixture.notebook.workspace, notebook: fixture.notebook)
        #expect(throws: CommandError("sft [1] kept no answers; :train ppo and its relatives do")) {
            try command.execute(in: context)
        }
    }

    @Test func theHealthMonitorStopsARunThatMayGoOn() throws {
        let cell = train("--steps 12 --learning-rate 0.05 --kl-coefficient 0 --health stop")
        #expect(cell.state == .failed)
        let sentence = try #require(cell.error)
        #expect(sentence.hasPrefix("ppo was stopped by --health stop after step "), "\(sentence)")
        #expect(sentence.hasSuffix(":resume goes on from it"))
        let path = fixture.notebook.metricsPath(of: cell.id)
        let before = try MetricSeries(path: path).rows.count
        #expect(before < 12)
        let again = fixture.notebook.resume(cell)
        let after = try MetricSeries(path: path).rows
        #expect(after.count > before && after.map(\.step) == Array(1...after.count))
        #expect(again.state == .ok || again.error?.contains("--health stop") == true)
    }
}

@Suite struct SampleHistoryTests {
    private func row(_ step: Int, _ prompts: String...) -> MetricRow {
        MetricRow(
            step: step, values: [],
            samples: prompts.map { PromptedCompletion(prompt: $0, completion: "\($0) at \(step)") })
    }

    @Test func questionsThatWereAskedNearTheStepsComeFirst() {
        let history = SampleHistory([
            row(1, "a", "b"), row(5, "b"), row(9, "c"), row(10, "a", "b"),
        ])
        let found = history.answers(near: [1, 10])
        #expect(found.map(\.prompt) == ["a", "b", "c"])
        #expect(found[0].answers.map(\.step) == [1, 10])
        #expect(found[2].answers.map(\.step) == [9])
        #expect(history.answers(near: [6]).first?.prompt == "b")
    }
}
