import Autograd
import LanguageModels

/// Why a run cannot go on from a checkpoint: what made it was another model, or another adapter.
public struct CheckpointMismatch: Error, Equatable, Sendable {
    /// What does not fit: `model`, `policy`, `critic`.
    public let part: String
    /// What the run has.
    public let expected: String
    /// What the checkpoint was made with.
    public let found: String

    public init(part: String, expected: String, found: String) {
        self.part = part
        self.expected = expected
        self.found = found
    }

    /// A mismatch of two forms, of which only what differs is said.
    init(part: String, expected: ModelForm, found: ModelForm) {
        self.init(
            part: part, expected: expected.lacking(in: found), found: found.lacking(in: expected))
    }
}

/// Everything that decides what a model's numbers in a checkpoint mean, in words.
struct ModelForm: Equatable {
    private static let separator = "; "
    private let words: [String]

    init(words: [String]) { self.words = words }

    init(text: String) { words = text.split(separator: Self.separator).map(String.init) }

    var text: String { words.joined(separator: Self.separator) }

    /// What the other form does not say.
    func lacking(in other: ModelForm) -> String {
        words.filter { !other.words.contains($0) }.joined(separator: Self.separator)
    }
}

extension LanguageModel {
    /// The sizes, the heads, what is frozen and the adapter.
    func form(frozenLayers: Int) -> ModelForm {
        let sizes = configuration
        func layers(_ count: Int) -> String { "\(count) layer\(count == 1 ? "" : "s")" }
        var words = [
            layers(sizes.layerCount), "width \(sizes.width)",
            "inner width \(sizes.innerWidth)", "\(sizes.headCount) attention heads",
            "\(sizes.vocabularySize) tokens", "context \(sizes.contextLength)",
        ]
        if heads.isEmpty { words.append("no scalar head") }
        if heads.contains(.score) {
            words.append(
                scoreHeadCount > 0 ? "an ensemble of \(scoreHeadCount) score heads" : "a score head"
            )
        }
        if heads.contains(.value) { words.append("a value head") }
        words.append(frozenLayers > 0 ? layers(frozenLayers) + " frozen" : "no layer frozen")
        guard let adapter, let base = parameters.base else {
            return ModelForm(words: words + ["no adapter"])
        }
        let alpha = Int(exactly: adapter.alpha).map(String.init) ?? "\(adapter.alpha)"
        var form = "LoRA of rank \(adapter.rank), α \(alpha) on "
        form += adapter.targets.joined(separator: ",")
        if let layers = adapter.layers {
            form += ", layers " + layers.map(String.init).joined(separator: ",")
        }
        if adapter.dropout > 0 { form += ", dropout \(adapter.dropout)" }
        if adapter.isRankStabilized { form += ", rank-stabilized" }
        words.append(form)
        // The base is no part of a checkpoint: over another one the numbers mean something else.
        words.append("base weights " + String(base.fingerprint, radix: 16))
        return ModelForm(words: words)
    }
}
