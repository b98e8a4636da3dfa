import Alignment
import TerminalUI

/// Takes the time of the steps of a recipe and ends it when there are enough.
final class StepTimer {
    static let fewestRuns = 3
    static let mostRuns = 200

    private let seconds: Double
    private let fewestRuns: Int
    private let clock: () -> Double
    private var laps: [Double] = []
    private var startedAt = 0.0
    private var lastAt = 0.0

    /// - Parameter clock: Seconds of a clock that never goes back.
    init(
        seconds: Double, fewestRuns: Int = fewestRuns,
        clock: @escaping () -> Double = MonotonicClock.seconds
    ) {
        self.seconds = seconds
        self.fewestRuns = fewestRuns
        self.clock = clock
    }

    /// The seconds of each run but the first, which makes kernels and fills the pools.
    var results: [Double] { laps.dropFirst().sorted() }

    func start() {
        startedAt = clock()
        lastAt = startedAt
    }

    /// Begins a run now: the time since the last one does not count for it.
    func beginRun() { lastAt = clock() }

    /// Ends a run and says whether another one is wanted.
    func lap() -> Decision {
        let now = clock()
        laps.append(now - lastAt)
        lastAt = now
        if Interrupts.isRaised || laps.count > Self.mostRuns { return .stop }
        let isEnough = laps.count > fewestRuns && now - startedAt >= seconds
        return isEnough ? .stop : .continue
    }

    func report(_ event: TrainingEvent) -> Decision {
        switch event {
        case .started: start()
        case .step: return lap()
        case .warning, .samples: break
        }
        return .continue
    }
}
