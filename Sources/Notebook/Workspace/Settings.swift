import Autograd
import TerminalUI

/// What results depend on, and how they are shown: the global options, resolved.
struct Settings: Equatable, Sendable {
    /// The session's seed; every random stream is keyed by it.
    var seed: UInt64 = 42
    var shards = 8
    var threads = 1
    /// The form of the operands of products in training and generation.
    var precision = Precision.f32
    /// Where the base of adapters is whose folders do not say it.
    var base: String?
    var output = OutputMode.text
    var isQuiet = false
    var colorMode = ColorMode.auto

    /// Where a command's result goes.
    enum OutputMode: Sendable {
        case text
        /// One JSON value, or JSON lines, on standard output and nothing else there.
        case json
    }

    var plan: ParallelPlan { ParallelPlan(shards: shards, threads: threads) }
}

/// What the program is, for journals and `doctor`.
enum Engine {
    static let version = "0.1.0"
}
