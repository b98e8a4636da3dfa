import CVectorMath
import Glibc
import Synchronization

/// Threads that wait for pieces of work, for as long as the program runs.
///
/// A decoding step is cut into dozens of pieces of some ten microseconds: a worker that has just
/// finished looks out for the next one for a moment before it sleeps, so that a piece starts at once.
@safe final class WorkerTeam: @unchecked Sendable {
    static let shared = WorkerTeam()

    /// The number of the job, and in the low bits how many workers take part in it: one word, so that
    /// a worker never pairs one job's number with another one's size.
    private let job = Atomic<Int>(0)
    private let next = Atomic<Int>(0)
    private let unfinished = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let isBusy = Atomic<Bool>(false)
    // Written by the thread that holds `isBusy`, before `job` tells the workers.
    private var work: (kind: any SharedWork.Type, address: UnsafeRawPointer)?
    private var count = 0
    private var workers = 0
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))

    private static let sizeBits = 16
    /// About a tenth of a millisecond.
    private static let patience = 3000

    private init() {
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(wakeUp, nil)
    }

    /// Runs pieces 0 to `count` - 1 on the calling thread and `helpers` others.
    ///
    /// Does nothing and returns false when the team works for someone else.
    func run<Work: SharedWork>(_ count: Int, helpers: Int, _ work: Work) -> Bool {
        if isBusy.exchange(true, ordering: .acquiring) { return false }
        defer { isBusy.store(false, ordering: .releasing) }
        while workers < helpers {
            guard startWorker(workers) else { break }
            workers += 1
        }
        let helpers = min(helpers, workers)
        return unsafe withUnsafePointer(to: work) { address in
            unsafe share(count, helpers, (Work.self, UnsafeRawPointer(address)))
            return true
        }
    }

    /// Returns when all pieces are done: the work need not lie at its address any longer.
    private func share(
        _ count: Int, _ helpers: Int, _ work: (kind: any SharedWork.Type, address: UnsafeRawPointer)
    ) {
        unsafe self.work = work
        self.count = count
        next.store(0, ordering: .relaxed)
        unfinished.store(helpers, ordering: .relaxed)
        let number = (job.load(ordering: .relaxed) >> Self.sizeBits) + 1
        job.store(number << Self.sizeBits | helpers, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
            unsafe pthread_mutex_lock(mutex)
            unsafe pthread_cond_broadcast(wakeUp)
            unsafe pthread_mutex_unlock(mutex)
        }
        unsafe takePieces(of: work)
        var spins = 0
        while unfinished.load(ordering: .acquiring) > 0 {
            spins += 1
            spin_pause()
            if helpers >= cores || spins > Self.patience { sched_yield() }
        }
        unsafe self.work = nil
    }

    /// The part of whoever calls it.
    private func takePieces(of work: (kind: any SharedWork.Type, address: UnsafeRawPointer)) {
        while true {
            let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if piece >= count { return }
            unsafe work.kind.run(piece, at: work.address)
        }
    }

    private func startWorker(_ index: Int) -> Bool {
        var thread = pthread_t()
        let start = unsafe Unmanaged.passRetained(WorkerStart(team: self, index: index))
        let status = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let start = unsafe Unmanaged<WorkerStart>.fromOpaque(context).takeRetainedValue()
                start.team.work(start.index)
                return nil
            }, start.toOpaque())
        if status != 0 { unsafe start.release() }
        return status == 0
    }

    private func work(_ index: Int) {
        // Signals belong to the thread that reads the terminal.
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
        var seen = 0
        while true {
            seen = nextJob(after: seen, index)
            let size = seen & (1 << Self.sizeBits - 1)
            // The others' job may be over already; they touch nothing of it.
            guard index < size else { continue }
            if let work = unsafe work { unsafe takePieces(of: work) }
            unfinished.wrappingSubtract(1, ordering: .releasing)
        }
    }

    private func nextJob(after seen: Int, _ index: Int) -> Int {
        var spins = index + 1 >= cores ? Self.patience : 0
        while spins < Self.patience {
            let found = job.load(ordering: .acquiring)
            if found != seen { return found }
            spins += 1
            spin_pause()
        }
        unsafe pthread_mutex_lock(mutex)
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        var found = job.load(ordering: .sequentiallyConsistent)
        while found == seen {
            unsafe pthread_cond_wait(wakeUp, mutex)
            found = job.load(ordering: .sequentiallyConsistent)
        }
        sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        unsafe pthread_mutex_unlock(mutex)
        return found
    }
}

/// What a new worker is told.
private final class WorkerStart {
    let team: WorkerTeam
    let index: Int

    init(team: WorkerTeam, index: Int) {
        self.team = team
        self.index = index
    }
}
