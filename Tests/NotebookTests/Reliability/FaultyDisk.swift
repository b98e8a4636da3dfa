import Glibc
import Synchronization

@testable import Notebook

/// Counts and keeps every change of files, and lets one or all from a place on fail.
final class FaultyDisk: FileSystemWatcher {
    enum Fault: Sendable {
        case none
        /// The process ends in the N-th operation: of a write a part may get through, nothing after
        /// it happens.
        case crash(at: Int, tearing: Bool)
        /// The N-th operation fails, once or with all after it.
        case failure(at: Int, code: Int32, isSticky: Bool)
    }

    private struct State {
        var log: [FileOperation] = []
        var faultCount = 0
    }

    private let fault: Fault
    private let state = Mutex(State())

    init(_ fault: Fault = .none) { self.fault = fault }

    /// What was asked for so far.
    var log: [FileOperation] { state.withLock { $0.log } }
    var faultCount: Int { state.withLock { $0.faultCount } }

    func admission(of operation: FileOperation) -> FileAdmission {
        state.withLock { state in
            state.log.append(operation)
            let answer = admission(of: operation, number: state.log.count)
            if case .refused = answer { state.faultCount += 1 }
            return answer
        }
    }

    private func admission(of operation: FileOperation, number: Int) -> FileAdmission {
        switch fault {
        case .none: return .made
        case .crash(let place, let tearing):
            if number < place { return .made }
            guard number == place, tearing, case .write(_, let bytes) = operation else {
                return .refused(code: EIO)
            }
            return .refused(code: EIO, afterBytes: bytes.count / 2)
        case .failure(let place, let code, let isSticky):
            let isFailing = isSticky ? number >= place : number == place
            guard isFailing else { return .made }
            // A full disk takes what still fits.
            if code == ENOSPC, case .write(_, let bytes) = operation {
                return .refused(code: code, afterBytes: bytes.count / 3)
            }
            return .refused(code: code)
        }
    }
}
