import Glibc

/// The two variables that say where a user's files belong; nothing else is read from the environment.
enum ProcessEnvironment {
    static var forHistory: [String: String] {
        var values: [String: String] = [:]
        for name in ["XDG_STATE_HOME", "HOME"] {
            if let value = unsafe getenv(name) { values[name] = unsafe String(cString: value) }
        }
        return values
    }
}
