import Alignment
import Autograd
import LanguageModels
import OrderedJSON

/// Models and tokenizers as the files of a model folder.
enum ModelFiles {
    /// A model folder in the Hugging Face layout, or an adapter in PEFT's layout with the model that
    /// it adapts.
    ///
    /// - Parameters:
    ///   - base: Where an adapter's base is; nil is where the adapter says.
    ///   - isLasting: Whether the folder will be there later, so that adapters can refer to it.
    static func read(
        _ path: String, base: String? = nil, isLasting: Bool = true
    ) throws -> LoadedModel {
        guard AdapterFolder.isOne(path) else { return try readWhole(path, isLasting: isLasting) }
        let folder = try AdapterFolder(path: path)
        let place = try basePath(of: folder, base)
        let whole = try readWhole(place, isLasting: isLasting)
        let model = try folder.model(
            over: whole.model, namedAs: isLasting ? Files.absolute(place) : nil)
        return LoadedModel(
            model: model, tokenizer: whole.tokenizer, path: isLasting ? path : nil,
            worth: readWorth(path))
    }

    private static func readWhole(_ path: String, isLasting: Bool) throws -> LoadedModel {
        let folder = try ModelFolder(path: path)
        let tokenizer = try folder.tokenizer()
        let model = LanguageModel(
            folder.configuration, heads: folder.configuration.head == .reward ? [.score] : [])
        for tensor in try folder.weights() {
            if let parameter = model.parameters[tensor.name] {
                model.parameters.assign(tensor.values, to: parameter)
            }
        }
        return LoadedModel(
            model: model, tokenizer: tokenizer, path: isLasting ? path : nil,
            worth: readWorth(path))
    }

    // MARK: - What a reward model is worth

    private static let worthName = "reward_worth.json"

    private static func readWorth(_ path: String) -> RewardWorth? {
        (try? Files.read(Files.join(path, worthName))).flatMap { try? JSON(parsing: $0) }
            .flatMap(RewardWorth.init(json:))
    }

    private static func writeWorth(_ loaded: LoadedModel, to path: String) throws {
        let file = Files.join(path, worthName)
        guard let worth = loaded.worth else {
            // What is known about a model that lay here before says nothing about this one.
            if try Posix.kind(of: file) != nil { try Posix.remove(file) }
            return
        }
        do { try Files.replace(file, with: Array(worth.json.prettyText().utf8)) } catch {
            throw SessionError.writing(error)
        }
    }

    /// Where the model is that an adapter belongs to: what is said, the folder itself, or what the
    /// adapter says, from the working folder or from its own.
    private static func basePath(of folder: AdapterFolder, _ said: String?) throws -> String {
        if let said { return said }
        if ModelFolder.isOne(folder.path) { return folder.path }
        let named = folder.configuration.base
        let candidates = named.map { [$0, Files.join(folder.path, $0)] } ?? []
        if let found = candidates.first(where: ModelFolder.isOne) { return found }
        throw CommandError(
            "\(folder.path) is an adapter "
                + (named.map { "over \"\($0)\", and no model folder is there" }
                    ?? "that does not say over which model")
                + "; name that model's folder with --base DIR")
    }

    /// Writes a folder that transformers loads; a model with an adapter becomes one that PEFT loads,
    /// with the base inside it (`base`) where that is in no folder yet.
    static func write(_ loaded: LoadedModel, to path: String) throws {
        guard let adapter = loaded.model.adapter else { return try writeWhole(loaded, to: path) }
        let inside = Files.join(path, "base")
        let known = adapter.base.flatMap { ModelFolder.isOne($0) ? $0 : nil }
        try AdapterFolder.write(
            path, model: loaded.model, base: known ?? Files.absolute(inside),
            tokenizer: loaded.tokenizer)
        if known == nil { try writeWhole(withoutAdapter(loaded), to: inside) }
        try writeWorth(loaded, to: path)
    }

    /// Writes a model with its adapter, if it has one, so that the folder needs nothing else.
    static func writeTogether(_ loaded: LoadedModel, to path: String) throws {
        guard loaded.model.adapter != nil else { return try writeWhole(loaded, to: path) }
        try writeWhole(withoutAdapter(loaded), to: path)
        try AdapterFolder.write(
            path, model: loaded.model, base: nil, tokenizer: loaded.tokenizer, isBesideBase: true)
        try writeWorth(loaded, to: path)
    }

    private static func withoutAdapter(_ loaded: LoadedModel) -> LoadedModel {
        LoadedModel(model: loaded.model.withoutAdapter, tokenizer: loaded.tokenizer)
    }

    private static func writeWhole(_ loaded: LoadedModel, to path: String) throws {
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
        try writeWorth(loaded, to: path)
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
