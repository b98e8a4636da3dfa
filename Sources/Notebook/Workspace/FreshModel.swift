import LanguageModels
import TerminalUI

/// A model with random weights, from a configuration file or from sizes in a line.
enum FreshModel {
    /// The tutorial's model: about a million parameters.
    static let defaultSizes = "layers=4,width=128,heads=4,context=128"

    /// - Parameter configuration: A `config.json`, a folder with one, or `layers=4,width=128,…`.
    static func make(
        _ configuration: String, tokenizer source: String?, _ context: CommandContext
    ) throws -> LoadedModel {
        if configuration.contains("=") {
            let tokenizer = try context.tokenizer(source)
            return try make(try sizes(configuration, tokenizer: tokenizer), tokenizer, context)
        }
        let path = context.resolve(configuration)
        let isFolder = ((try? Posix.kind(of: path)) ?? nil) == .folder
        let file = isFolder ? Files.join(path, "config.json") : path
        try context.note(file: isFolder ? Files.join(configuration, "config.json") : configuration)
        let sizes = try ModelConfiguration(path: file)
        let beside = isFolder ? path : Files.parent(of: path)
        let tokenizer =
            source == nil && !context.has("tokenizer")
            ? try Tokenizer(folder: beside) : try context.tokenizer(source)
        guard tokenizer.vocabularySize <= sizes.vocabularySize else {
            throw CommandError(
                "the tokenizer has \(tokenizer.vocabularySize) tokens, but \(file) has a vocabulary of "
                    + "\(sizes.vocabularySize); raise vocab_size or train a smaller tokenizer")
        }
        return try make(sizes, tokenizer, context)
    }

    private static func make(
        _ configuration: ModelConfiguration, _ tokenizer: Tokenizer, _ context: CommandContext
    ) throws -> LoadedModel {
        try requireRoom(
            for: configuration,
            available: Machine.found(threads: context.settings.threads).availableBytes)
        let model = LanguageModel(configuration)
        model.initialize(seed: context.settings.seed)
        return LoadedModel(model: model, tokenizer: tokenizer)
    }

    /// Refuses a model whose parameters alone would not fit.
    ///
    /// - Parameter available: Free bytes; 0 where that is not known.
    static func requireRoom(for sizes: ModelConfiguration, available: Int) throws(CommandError) {
        // In floating point: nobody knows how large the numbers are that were typed.
        let width = Double(sizes.width)
        let tables = Double(sizes.vocabularySize) + Double(sizes.contextLength)
        let block = 4 * width * width + 2 * width * Double(sizes.innerWidth)
        let bytes = 4 * (tables * width + Double(sizes.layerCount) * block)
        if available <= 0 || bytes <= Double(available) { return }
        let size =
            bytes < 1e18
            ? formatted(bytes: Int(bytes)) : formatted(bytes, significantDigits: 3) + " B"
        throw CommandError(
            "the parameters of such a model take about \(size), but "
                + "\(formatted(bytes: available)) of memory are free; lower layers or width")
    }

    private static func sizes(
        _ text: String, tokenizer: Tokenizer
    ) throws -> ModelConfiguration {
        var sizes = ["layers": 4, "width": 128, "heads": 4, "context": 128, "inner": 0]
        for part in text.split(separator: ",") {
            let pieces = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pieces.count == 2, sizes[pieces[0]] != nil, let value = Int(pieces[1]), value > 0
            else {
                throw CommandError.usage(
                    "--from-scratch has \"\(part)\", expected layers=N, width=N, heads=N, context=N or "
                        + "inner=N with whole numbers above 0")
            }
            sizes[pieces[0]] = value
        }
        let width = sizes["width"] ?? 128
        let heads = sizes["heads"] ?? 4
        guard width % heads == 0 else {
            throw CommandError.usage(
                "--from-scratch has width=\(width) and heads=\(heads); the width must be a multiple of "
                    + "the heads")
        }
        let inner = sizes["inner"] ?? 0
        return ModelConfiguration(
            vocabularySize: tokenizer.vocabularySize, contextLength: sizes["context"] ?? 128,
            width: width, layerCount: sizes["layers"] ?? 4, headCount: heads,
            innerWidth: inner > 0 ? inner : nil, endOfText: tokenizer.endOfText)
    }
}
