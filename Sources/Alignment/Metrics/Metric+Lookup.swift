extension Metric {
    /// The metrics a typed name means, best first: `kl`, `reward`, `eos`, `loss/policy`, ...
    ///
    /// Letter case, `-` for `_` and a final `_avg` do not matter. The first of these rules that
    /// finds anything decides: the key itself; the part after the last `/`, or an alias; the
    /// beginning of one of those; any part of the key.
    ///
    /// - Returns: Matches in the catalogue's order; empty when nothing fits.
    public static func matching(_ name: String) -> [Metric] {
        keys(for: name, among: catalogue.map(\.key)).compactMap(named)
    }

    /// The keys of a run that a typed name means, by the rules of `matching(_:)`.
    ///
    /// Names outside the catalogue are found as well, by the same rules without aliases.
    ///
    /// - Parameter available: The keys the run has reported, without duplicates.
    /// - Returns: The matching ones: those of the catalogue in its order, then the others in
    ///   theirs.
    public static func keys(for name: String, among available: [String]) -> [String] {
        let wanted = normalized(name)
        guard !wanted.isEmpty else { return [] }
        let known = catalogue.filter { available.contains($0.key) }
        let others = available.filter { named($0) == nil }
        let candidates =
            known.map { (key: $0.key, names: [lastPart($0.key)] + $0.aliases) }
            + others.map { (key: $0, names: [lastPart($0)]) }
        let ranked = candidates.map { candidate in
            (candidate.key, rank(of: wanted, key: candidate.key, names: candidate.names))
        }
        guard let best = ranked.compactMap(\.1).min() else { return [] }
        return ranked.filter { $0.1 == best }.map(\.0)
    }

    private static func rank(of wanted: String, key: String, names: [String]) -> Int? {
        let key = normalized(key)
        let names = names.map(normalized)
        if key == wanted { return 0 }
        if names.contains(wanted) { return 1 }
        if key.hasPrefix(wanted) || names.contains(where: { $0.hasPrefix(wanted) }) { return 2 }
        return key.contains(wanted) ? 3 : nil
    }

    private static func lastPart(_ key: String) -> String {
        key.split(separator: "/").last.map(String.init) ?? key
    }

    private static func normalized(_ name: String) -> String {
        let plain = String(name.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
        return plain.hasSuffix("_avg") ? String(plain.dropLast(4)) : plain
    }
}
