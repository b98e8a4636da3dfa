import Autograd
import LanguageModels

/// Models and tokenizers as the files of a model folder.
enum ModelFiles {
    /// A model folder in the Hugging Face layout.
    static func read(_ path: String) throws -> LoadedModel {
        let folder = try ModelFolder(path: path)
        let tokenizer = try folder.tokenizer()
        let model = LanguageModel(
            folder.configuration, heads: folder.configuration.head == .reward ? [.score] : [])
        for tensor in try folder.weights() {
            if let parameter = model.parameters[tensor.name] {
                model.parameters.assign(tensor.values, to: parameter)
            }
        }
        return LoadedModel(model: model, tokenizer: tokenizer)
    }

    /// Writes a model folder that transformers loads.
    static func write(_ loaded: LoadedModel, to path: String) throws {
        let model = loaded.model
        var configuration = model.configuration
        configuration.head = model.heads.contains(.score) ? .reward : .languageModel
        let weights = model.parameters.parameters
            .filter { !$0.name.hasPrefix("v_head") }
            .map { parameter in
                StoredTensor(
                    name: parameter.name, shape: parameter.shape,
                    values: model.parameters[parameter].array)
            }
        try ModelFolder.write(
            path, configuration: configuration, weights: weights, tokenizer: loaded.tokenizer)
    }

    static func trainTokenizer(texts: [String], vocabularySize: Int) throws -> Tokenizer {
        let trained = try Tokenizer.trained(
            on: texts,
            configuration: TokenizerTrainingConfiguration(vocabularySize: vocabularySize),
            report: { _ in !Interrupts.isRaised })
        guard let trained else {
            throw CommandError.interrupted("the tokenizer's training was stopped; nothing was kept")
        }
        return trained
    }
}
