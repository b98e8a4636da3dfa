import Glibc
import Synchronization

/// Ctrl-C while a cell runs: a flag that training looks at once per step.
enum Interrupts {
    // A signal handler can reach nothing but a global; the flag is the one piece of state there is.
    private static let count = Atomic<Int>(0)

    /// Makes Ctrl-C raise the flag instead of ending the program, and a broken pipe or a
    /// full disk an error value instead of a signal.
    static func install() {
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in
            Interrupts.count.wrappingAdd(1, ordering: .relaxed)
        }
        unsafe sigaction(SIGINT, &action, nil)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    static var isRaised: Bool { count.load(ordering: .relaxed) > 0 }

    static func clear() { count.store(0, ordering: .relaxed) }
}
