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

    /// Seconds since 1970 of a text that ``text(_:)`` wrote; nil for anything else.
    static func seconds(_ text: String) -> Int? {
        let digits = text.split(whereSeparator: { "-T:Z".contains($0) }).map { Int($0) }
        guard text.utf8.count == 20, digits.count == 6, let year = digits[0],
            let month = digits[1], let day = digits[2], let hour = digits[3],
            let minute = digits[4], let second = digits[5], (1...12).contains(month)
        else { return nil }
        // Years that start in March have the leap day at their end (Hinnant, days_from_civil).
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return ((days * 24 + hour) * 60 + minute) * 60 + second
    }

    private static func pad(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
