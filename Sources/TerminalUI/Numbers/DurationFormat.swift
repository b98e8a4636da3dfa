/// A duration in words: "0.3 ms", "12 ms", "4.2 s", "1 min 15 s", "2 h 05 min".
public func formatted(seconds: Double) -> String {
    if !seconds.isFinite || seconds < 0 { return formatted(seconds, significantDigits: 3) + " s" }
    if seconds < 0.0095 { return formatted(seconds * 1000, decimals: 1) + " ms" }
    if seconds < 0.9995 { return formatted(seconds * 1000, decimals: 0) + " ms" }
    if seconds < 59.95 { return formatted(seconds, decimals: 1) + " s" }
    guard let whole = wholeSeconds(seconds) else { return formatted(seconds) + " s" }
    if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    return "\(whole / 3600) h \(twoDigits(whole / 60 % 60)) min"
}

/// A duration as on a clock: "0:02", "1:02:05"; "?" when it is not known.
public func formatted(clock seconds: Double) -> String {
    guard seconds.isFinite, let whole = wholeSeconds(max(0, seconds)) else { return "?" }
    let minutesAndSeconds = "\(twoDigits(whole / 60 % 60)):\(twoDigits(whole % 60))"
    if whole >= 3600 { return "\(whole / 3600):\(minutesAndSeconds)" }
    return "\(whole / 60):\(twoDigits(whole % 60))"
}

private func wholeSeconds(_ seconds: Double) -> Int? {
    Int(exactly: seconds.rounded())
}

private func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
}
