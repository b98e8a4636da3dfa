/// How much a reward model knows, measured on held-out pairs when it was trained: kept beside it, so
/// that whoever optimises against it is warned.
public struct RewardWorth: Equatable, Sendable {
    /// How often the chosen answer scores above the rejected one.
    public let accuracy: Estimate
    /// How often the longer answer is the chosen one.
    public let lengthBaseline: Estimate

    public init(accuracy: Estimate, lengthBaseline: Estimate) {
        self.accuracy = accuracy
        self.lengthBaseline = lengthBaseline
    }

    /// Why a reward model is not worth optimising against.
    public enum Weakness: Equatable, Sendable {
        /// Its interval reaches a coin's accuracy.
        case chance
        /// Its interval reaches that of "the longer answer wins".
        case lengthBaseline
    }

    /// The reason, or nil where it is strong enough or nothing was measured.
    public var weakness: Weakness? {
        if accuracy.count == 0 { return nil }
        if accuracy.lower <= 0.5 { return .chance }
        let length = lengthBaseline
        return length.value > 0.5 && accuracy.lower <= length.upper ? .lengthBaseline : nil
    }
}
