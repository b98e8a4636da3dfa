import OrderedJSON

/// What was typed at the prompt, over all sessions: one JSON object a line in a file of the user's.
///
///     {"t":"2026-11-21T10:15:03Z","text":":train sft","session":"align"}
///
/// Sessions append under a short lock, one whole line at a time, so several can share the file.
/// Nothing that goes wrong with it stops the prompt: `problem` says what it was.
struct History {
    /// How many of the file's last bytes are read, so that years of use cost nothing at the start.
    private static let readLimit = 1 << 20

    let path: String?
    /// The lines, the oldest first; of equal ones only the last is kept.
    private(set) var entries: [String] = []
    /// Why the history is not kept, or nil.
    private(set) var problem: PosixError?

    /// `$XDG_STATE_HOME/rlhf/history.jsonl`, or the same under `~/.local/state`; nil without a
    /// home.
    static func defaultPath(environment: [String: String]) -> String? {
        // The base folder must be absolute, says the XDG specification; others are ignored.
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            return Files.join(state, "rlhf/history.jsonl")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return Files.join(home, ".local/state/rlhf/history.jsonl")
    }

    /// Reads the history; nil keeps it in memory only.
    init(path: String?) {
        self.path = path
        guard let path else { return }
        do {
            guard try Posix.kind(of: path) != nil else { return }
            let file = try PosixFile(path, .reading)
            let size = try file.size()
            let start = max(0, size - Self.readLimit)
            var bytes = try file.read(at: start, count: size - start)[...]
            if start > 0 { bytes = bytes.drop { $0 != UInt8(ascii: "\n") } }
            entries = Self.entries(in: Array(bytes))
        } catch {
            problem = error
        }
    }

    /// The texts of the good lines; a damaged line is passed over.
    private static func entries(in bytes: [UInt8]) -> [String] {
        var newestFirst: [String] = []
        var seen: Set<String> = []
        for (_, line) in JSONLines(bytes).reversed() {
            guard let json = try? JSON(parsing: Array(line)), let text = json["text"]?.stringValue,
                seen.insert(text).inserted
            else { continue }
            newestFirst.append(text)
        }
        return newestFirst.reversed()
    }

    /// Adds a line, in memory and to the file. Blank lines, and the same line again, are not added.
    mutating func add(_ text: String, session: String? = nil) {
        guard !text.trimmed.isEmpty, text != entries.last else { return }
        entries.removeAll { $0 == text }
        entries.append(text)
        guard let path else { return }
        var object = JSONObject([("t", .string(Timestamp.now())), ("text", .string(text))])
        object["session"] = session.map { .string($0) }
        do {
            try Self.append(Array((JSON.object(object).text + "\n").utf8), to: path)
            problem = nil
        } catch {
            problem = error
        }
    }

    private static func append(_ line: [UInt8], to path: String) throws(PosixError) {
        try Files.makeFolders(Files.parent(of: path), permissions: 0o700)
        let file = try PosixFile(path, .appending, permissions: 0o600)
        // The lock is not waited for: a line is one write to the end of the file, which other
        // writers cannot cut in two. It keeps out programs that rewrite the whole file.
        _ = try file.tryLock()
        // A line that was torn by a full disk must not take the next one with it.
        let size = try file.size()
        let last = size > 0 ? try file.read(at: size - 1, count: 1) : []
        let isTorn = !last.isEmpty && last != [UInt8(ascii: "\n")]
        try file.write((isTorn ? [UInt8(ascii: "\n")] : []) + line)
    }
}
