import Testing

@testable import LanguageModels

@Suite struct ModelConfigurationTests {
    @Test func theParametersOfGPT2SmallCountWhatThePaperModelHas() {
        let small = ModelConfiguration(
            vocabularySize: 50257, contextLength: 1024, width: 768, layerCount: 12, headCount: 12)
        let count = small.parameterShapes.map { $0.shape.reduce(1, *) }.reduce(0, +)
        // The published checkpoint has 124,439,808 values in 148 tensors.
        #expect(count == 124_439_808)
        #expect(small.parameterShapes.count == 148)
    }

    @Test(arguments: [CheckpointFixture.tiny, CheckpointFixture.reward])
    func namesAndShapesAreThoseOfTransformers(folder: String) throws {
        let configuration = try ModelConfiguration(path: folder + "/config.json")
        let file = try SafetensorsFile(path: folder + "/model.safetensors")
        let shapes = configuration.parameterShapes
        #expect(shapes.map(\.name).sorted() == file.names.sorted())
        for (name, shape) in shapes { #expect(file.shape(of: name) == shape, "\(name)") }
    }

    @Test func aRewardModelHasAScoreOfOneRow() {
        var configuration = CheckpointFixture.smallest
        #expect(configuration.parameterShapes.last?.name == "transformer.ln_f.bias")
        configuration.head = .reward
        #expect(configuration.parameterShapes.last?.name == "score.weight")
        #expect(configuration.parameterShapes.last?.shape == [1, 2])
    }
}
