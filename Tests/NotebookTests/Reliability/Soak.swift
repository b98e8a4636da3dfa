import Foundation

/// How much of a long test is run: a short form in `make test`, the whole in `make soak`.
enum Soak {
    static let isWhole = ProcessInfo.processInfo.environment["RLHF_SOAK"] != nil

    static func count(short: Int, whole: Int) -> Int { isWhole ? whole : short }
}

/// What a reliability test did, printed so that the figures can be read and quoted.
struct ReliabilityCount {
    let name: String
    /// Crashes, losses of power, errors and damaged bytes that were brought about.
    var faults = 0
    /// Sessions that were opened, or made anew where there was none yet, after a fault.
    var recovered = 0
    /// Sessions that were refused with a sentence, nothing changed.
    var refused = 0
    /// What the program had reported as done before the fault.
    var acknowledged = 0
    /// What of that was missing afterwards.
    var lost = 0

    init(_ name: String) { self.name = name }

    func report() {
        print(
            "reliability: \(name): \(faults) faults injected, \(recovered) states recovered, "
                + "\(refused) refused with a sentence, \(acknowledged) acknowledged records, \(lost) lost"
        )
    }
}
