/// Moments as text, UTC to the second: `2026-11-21T10:15:03Z` (ISO 8601).
///
/// Times in a session are information for people; nothing that is compared depends on them.
enum Timestamp {
    /// The present moment.
    static func now() -> String { text(Posix.secondsSince1970()) }

    /// A moment given in seconds since 1970.
    static func text(_ seconds: Int) -> String {
        let moment = Posix.calendar(seconds)
        return "\(pad(moment.year, 4))-\(pad(moment.month, 2))-\(pad(moment.day, 2))T"
            + "\(pad(moment.hour, 2)):\(pad(moment.minute, 2)):\(pad(moment.second, 2))Z"
    }

    /// A moment as part of a file name, without colons: `2026-11-21T10-15-03Z`.
    static func fileName(_ text: String) -> String {
        String(text.map { $0 == ":" ? "-" : $0 })
    }

    private static func pad(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
