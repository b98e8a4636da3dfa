/// Up and Down through the entries that begin as the line does.
struct HistoryNavigator {
    private(set) var entries: [String] = []
    /// The place of the entry shown; `entries.count` is the line being typed.
    private var place = 0
    private var typed = ""
    private var beginning = ""
    private var shown: String?

    /// An entry equal to the one before is not kept twice.
    mutating func add(_ entry: String) {
        if entry != entries.last { entries.append(entry) }
        reset()
    }

    /// A new line begins.
    mutating func reset() {
        place = entries.count
        shown = nil
    }

    /// What the newest entry that begins as the line does goes on with; nil where there is none.
    func hint(for line: String) -> String? {
        guard line.count > 1,
            let entry = entries.last(where: { $0.hasPrefix(line) && $0 != line })
        else { return nil }
        return String(entry.dropFirst(line.count))
    }

    /// The entry before, or nil if there is none.
    ///
    /// - Parameters:
    ///   - line: The line as it stands.
    ///   - beforeCursor: Its part before the cursor: what entries must begin with.
    mutating func previous(line: String, beforeCursor: String) -> String? {
        begin(line, beforeCursor)
        for index in stride(from: place - 1, through: 0, by: -1) where fits(index, line) {
            return show(index)
        }
        return nil
    }

    /// The entry after, at last the line that was typed; nil if it stands there already.
    mutating func next(line: String, beforeCursor: String) -> String? {
        begin(line, beforeCursor)
        if place >= entries.count { return nil }
        for index in (place + 1)..<(entries.count + 1) where index < entries.count {
            if fits(index, line) { return show(index) }
        }
        place = entries.count
        shown = typed
        return typed
    }

    /// A line that was changed since starts a new search.
    private mutating func begin(_ line: String, _ beforeCursor: String) {
        if shown == line { return }
        place = entries.count
        typed = line
        beginning = beforeCursor
        shown = line
    }

    private func fits(_ index: Int, _ line: String) -> Bool {
        entries[index].hasPrefix(beginning) && entries[index] != line
    }

    private mutating func show(_ index: Int) -> String {
        place = index
        shown = entries[index]
        return entries[index]
    }
}
