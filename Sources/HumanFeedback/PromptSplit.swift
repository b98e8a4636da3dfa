/// Rows cut in two by prompt: no prompt has rows on both sides.
///
/// Splitting by row would put answers to a training prompt into the held-out part, and held-out
/// accuracy would measure memory.
public struct PromptSplit<Row: PromptGrouped> {
    public let training: [Row]
    public let heldOut: [Row]

    /// Holds out a fraction of the prompts, with all their rows; both parts keep the rows' order.
    ///
    /// Prompts are ordered by a hash of seed and prompt id (SplitMix64 over FNV-1a), and the first
    /// `round(fraction · prompts)` are held out. So the parts depend on the set of prompts and the
    /// seed only, not on the order of rows or on the process. A fraction above 0 holds out at
    /// least one prompt and leaves at least one, if there are two.
    ///
    /// - Parameters:
    ///   - rows: Any rows with prompt ids.
    ///   - heldOutFraction: In 0...1.
    ///   - seed: Another seed gives another choice of prompts.
    public init(_ rows: [Row], heldOutFraction: Double, seed: UInt64) {
        precondition(
            heldOutFraction >= 0 && heldOutFraction <= 1,
            "the held-out fraction is \(heldOutFraction), outside 0...1")
        var seen: Set<ExactText> = []
        var prompts: [(rank: UInt64, id: ExactText)] = []
        for row in rows {
            let id = ExactText(row.promptID)
            guard seen.insert(id).inserted else { continue }
            let rank = Fingerprint.mixed(Fingerprint.hash(id.text) ^ Fingerprint.mixed(seed))
            prompts.append((rank, id))
        }
        prompts.sort { a, b in
            a.rank != b.rank
                ? a.rank < b.rank : a.id.text.utf8.lexicographicallyPrecedes(b.id.text.utf8)
        }
        var count = Int((heldOutFraction * Double(prompts.count)).rounded())
        if heldOutFraction > 0, heldOutFraction < 1, prompts.count > 1 {
            count = min(max(count, 1), prompts.count - 1)
        }
        let heldOutIDs = Set(prompts[..<count].map(\.id))
        training = rows.filter { !heldOutIDs.contains(ExactText($0.promptID)) }
        heldOut = rows.filter { heldOutIDs.contains(ExactText($0.promptID)) }
    }
}

extension PromptSplit: Sendable where Row: Sendable {}

/// Holds out pairs by prompt; see `PromptSplit`.
public func split(
    _ pairs: [PreferencePair], fraction: Double, seed: UInt64
) -> PromptSplit<PreferencePair> {
    PromptSplit(pairs, heldOutFraction: fraction, seed: seed)
}
