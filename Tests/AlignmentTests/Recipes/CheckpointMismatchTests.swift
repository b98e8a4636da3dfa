import LanguageModels
import Testing

@testable import Alignment

/// Every recipe, given the checkpoint of a model that is not its own.
@Suite("Checkpoints that do not fit")
struct CheckpointMismatchTests {
    @Test(
        "end the run before it starts, with nothing changed",
        arguments: SweptRun.all.filter { !$0.isAdapted })
    func recipes(run: SweptRun) throws {
        let whole = run.trace(threads: 1, stopAfter: 1)
        var checkpoint = try #require(whole.record.checkpoints.last)
        let part = try #require(checkpoint.texts.last)
        checkpoint.texts[checkpoint.texts.count - 1].value =
            part.value.replacing("no adapter", with: "LoRA of rank 4, α 8 on c_fc")
        let trace = run.trace(threads: 1, resume: checkpoint)
        #expect(
            trace.outcome
                == .unfit(
                    CheckpointMismatch(
                        part: part.name, expected: "no adapter",
                        found: "LoRA of rank 4, α 8 on c_fc")))
        #expect(trace.record.rows.isEmpty && trace.record.starts.isEmpty)
        #expect(run.trace(threads: 1, resume: TrainingCheckpoint(step: 1)).outcome.isUnfit)
    }

    @Test("PPO without the coefficient of its KL penalty is no PPO")
    func coefficient() throws {
        let run = SweptRun(recipe: .sharedTrunk, frozenLayers: 0)
        var checkpoint = try #require(
            run.trace(threads: 1, stopAfter: 1).record.checkpoints.last)
        checkpoint.numbers.removeAll { $0.name == "kl_coefficient" }
        #expect(run.trace(threads: 1, resume: checkpoint).outcome.isUnfit)
    }

    @Test("a form says only what the other one does not")
    func forms() {
        let one = ModelForm(words: ["2 layers", "width 8", "no adapter"])
        let other = ModelForm(text: "2 layers; width 16; no adapter")
        #expect(ModelForm(text: one.text) == one)
        #expect(
            CheckpointMismatch(part: "policy", expected: one, found: other)
                == CheckpointMismatch(part: "policy", expected: "width 8", found: "width 16"))
    }
}

extension TrainingOutcome {
    fileprivate var isUnfit: Bool { if case .unfit = self { true } else { false } }
}
