import LanguageModels
import Testing

@testable import Notebook

@Suite struct FreshModelTests {
    private func refusal(layers: Int, width: Int, available: Int) -> CommandError? {
        let sizes = ModelConfiguration(
            vocabularySize: 1000, contextLength: 128, width: width, layerCount: layers,
            headCount: 1)
        do {
            try FreshModel.requireRoom(for: sizes, available: available)
            return nil
        } catch {
            return error
        }
    }

    @Test func aModelThatFitsIsMade() {
        #expect(refusal(layers: 4, width: 128, available: 4_000_000) == nil)
        #expect(refusal(layers: 4, width: 128, available: 0) == nil)
    }

    /// (1,128 · 128 + 4 · 12 · 128²) floats.
    @Test func aModelThatCannotFitIsRefusedBeforeItIsMade() {
        #expect(
            refusal(layers: 4, width: 128, available: 3_000_000)
                == CommandError(
                    "the parameters of such a model take about 3.7 MB, but 3.0 MB of memory are free; "
                        + "lower layers or width"))
    }

    @Test func sizesBeyondAllMemoryAreRefusedToo() throws {
        let error = try #require(
            refusal(layers: 1_000_000_000, width: 1 << 30, available: 8_000_000_000))
        #expect(error.sentence.contains("8.0 GB of memory are free"))
    }
}
