import Glibc

/// The variables that say where a user's files belong and with what texts are written; nothing else
/// is read from the environment.
enum ProcessEnvironment {
    static var forHistory: [String: String] { values(of: ["XDG_STATE_HOME", "HOME"]) }

    static var forStore: [String: String] { values(of: ["RLHF_STORE", "XDG_CACHE_HOME", "HOME"]) }

    private static func values(of names: [String]) -> [String: String] {
        var values: [String: String] = [:]
        for name in names {
            if let value = unsafe getenv(name) { values[name] = unsafe String(cString: value) }
        }
        return values
    }

    /// A variable's value; nil where it is not set or empty.
    static func value(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// The user's text editor, with its options; nil where none is set.
    static var editor: String? {
        value("VISUAL") ?? value("EDITOR")
    }
}
