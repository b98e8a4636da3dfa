public import LanguageModels

/// An answer as token ids that was found good or bad by itself.
public struct LabelledExample: Sendable, Equatable {
    public var example: TokenizedExample
    public var isGood: Bool

    public init(_ example: TokenizedExample, isGood: Bool) {
        self.example = example
        self.isGood = isGood
    }

    /// Tokens of prompt and answer.
    public var count: Int { example.count }
}
