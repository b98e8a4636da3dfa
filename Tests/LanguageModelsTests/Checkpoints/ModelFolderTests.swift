import Testing

@testable import LanguageModels

@Suite struct ModelFolderTests {
    /// A folder with the smallest model, whose tensors may be changed before they are written.
    static func folder(
        head: ModelConfiguration.Head = .languageModel,
        _ change: (inout [StoredTensor]) -> Void = { _ in }
    ) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var configuration = CheckpointFixture.smallest
        configuration.head = head
        var tensors = CheckpointFixture.weights(configuration)
        change(&tensors)
        try folder.write(configuration.json(), to: "config.json")
        try SafetensorsFile.write(tensors, to: folder.file("model.safetensors"))
        return folder
    }

    static func problem(_ change: (inout [StoredTensor]) -> Void) throws -> ModelFolderProblem? {
        let folder = try folder(change)
        let model = try ModelFolder(path: folder.path)
        let error = #expect(throws: LanguageModelError.self) { try model.weights() }
        guard case .folder(folder.path, let problem) = error else {
            Issue.record("\(String(describing: error))")
            return nil
        }
        return problem
    }

    @Test(arguments: [CheckpointFixture.tiny, CheckpointFixture.reward])
    func aFolderOfTransformersIsRead(path: String) throws {
        let folder = try ModelFolder(path: path)
        let weights = try folder.weights()
        #expect(weights.map(\.name) == folder.configuration.parameterShapes.map(\.name))
        let tokenizer = try folder.tokenizer()
        #expect(tokenizer.endOfText == 0)
        #expect(tokenizer.vocabularySize <= folder.configuration.vocabularySize)
    }

    @Test func missingFilesAreNamedTogether() throws {
        let folder = try TemporaryFolder()
        let names = ["config.json", "model.safetensors"]
        #expect(throws: LanguageModelError.folder(path: folder.path, .missingFiles(names))) {
            try ModelFolder(path: folder.path)
        }
        #expect(throws: LanguageModelError.file(path: folder.file("no"), .missing)) {
            try ModelFolder(path: folder.file("no"))
        }
        try folder.write([], to: "file")
        #expect(throws: LanguageModelError.file(path: folder.file("file"), .isNotFolder)) {
            try ModelFolder(path: folder.file("file"))
        }
    }

    @Test func namesWithoutPrefixMeanTheSame() throws {
        let folder = try Self.folder { tensors in
            for index in tensors.indices {
                tensors[index].name.removeFirst("transformer.".count)
            }
        }
        let weights = try ModelFolder(path: folder.path + "/").weights()
        #expect(weights == CheckpointFixture.weights(CheckpointFixture.smallest))
    }

    @Test func maskBuffersAndATiedHeadAreLeftOut() throws {
        let folder = try Self.folder { tensors in
            tensors.insert(
                StoredTensor(name: "h.0.attn.bias", shape: [1, 1], values: [1]), at: 3)
            tensors.append(
                StoredTensor(name: "transformer.h.0.attn.masked_bias", shape: [], values: [-1e4]))
            tensors.append(
                StoredTensor(name: "lm_head.weight", shape: [3, 2], values: tensors[0].values))
        }
        let weights = try ModelFolder(path: folder.path).weights()
        #expect(weights == CheckpointFixture.weights(CheckpointFixture.smallest))
    }

    @Test func aHeadOfItsOwnIsRefused() throws {
        let problem = try Self.problem { tensors in
            tensors.append(
                StoredTensor(name: "lm_head.weight", shape: [3, 2], values: [0, 0, 0, 0, 0, 0]))
        }
        #expect(problem == .untiedHead)
    }

    @Test func missingTensorsAreNamed() throws {
        let problem = try Self.problem { $0.removeFirst(2) }
        #expect(
            problem == .missingTensors(["transformer.wte.weight", "transformer.wpe.weight"]))
    }

    @Test func tensorsWithoutAPlaceAreNamed() throws {
        let names = ["transformer.h.1.ln_1.weight", "score.weight", "wte.weight"]
        let problem = try Self.problem { tensors in
            tensors += names.map { StoredTensor(name: $0, shape: [1], values: [1]) }
        }
        #expect(problem == .unexpectedTensors(["wte.weight"] + names.prefix(2)))
    }

    @Test func aTensorOfAnotherShapeIsNamed() throws {
        let problem = try Self.problem { tensors in
            tensors[2] = StoredTensor(name: tensors[2].name, shape: [1, 2], values: [1, 1])
        }
        #expect(
            problem
                == .shapeMismatch(
                    tensor: "transformer.h.0.ln_1.weight", expected: [2], found: [1, 2]))
    }

    @Test func aRewardModelNeedsItsScore() throws {
        let folder = try Self.folder(head: .reward) { $0.removeLast() }
        let problem = ModelFolderProblem.missingTensors(["score.weight"])
        #expect(throws: LanguageModelError.folder(path: folder.path, problem)) {
            try ModelFolder(path: folder.path).weights()
        }
    }

    @Test func aTokenizerThatDoesNotFitIsRefused() throws {
        let folder = try Self.folder()
        try TokenizerFixture.small().write(folder: folder.path)
        let problem = ModelFolderProblem.tokenizerTooLarge(tokenizer: 259, model: 3)
        #expect(throws: LanguageModelError.folder(path: folder.path, problem)) {
            try ModelFolder(path: folder.path).tokenizer()
        }
    }
}
