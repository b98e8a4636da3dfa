/// What the user said about colours: `--color always|never|auto`.
public enum ColorMode: String, CaseIterable, Sendable {
    case always, never, auto
}

/// How many colours are used.
public enum ColorDepth: Comparable, Sendable {
    case none, ansi16, ansi256
}
