import Synchronization

/// How work is cut into shards and spread over threads.
///
/// Shards are fixed by the session, threads by the machine. A shard runs start to end on one thread
/// and results are combined in shard order, so the number of threads never reaches a result.
public struct ParallelPlan: Sendable, Equatable {
    /// Parts a batch is cut into (recorded with a session).
    public let shards: Int
    /// Threads that work on them.
    public let threads: Int

    public init(shards: Int = 8, threads: Int) {
        precondition(shards > 0 && threads > 0, "ParallelPlan: shards and threads are at least 1")
        self.shards = shards
        self.threads = threads
    }

    /// Runs `body(0)` to `body(count - 1)`, each on one thread.
    ///
    /// Bodies must write to disjoint memory; they may run in any order and at the same time.
    public func forEach(_ count: Int, _ body: (Int) -> Void) {
        if min(threads, count) <= 1 {
            for piece in 0..<count { body(piece) }
            return
        }
        // Only called while the work is done here, so that it does not really escape.
        withoutActuallyEscaping(body) { run(count, ClosureWork(body: $0)) }
    }

    /// Does pieces 0 to `count` - 1 of some work, each on one thread, without asking for memory.
    public func run(_ count: Int, _ work: some SharedWork) {
        let workers = min(threads, count)
        if workers > 1 && WorkerTeam.shared.run(count, helpers: workers - 1, work) { return }
        // One thread is enough, or the team is at work for another caller (or this is part of its
        // work): the bits are the same.
        for piece in 0..<count { work.run(piece) }
    }

    private struct ClosureWork: SharedWork {
        let body: (Int) -> Void

        func run(_ piece: Int) { body(piece) }
    }

    /// Writes the value of each piece to its place, as many as there are places, without asking for memory.
    public func fill<Map: SharedMap>(_ values: inout [Map.Value], with map: Map) {
        unsafe values.withUnsafeMutableBufferPointer { places in
            unsafe run(places.count, Filling(map: map, places: places))
        }
    }

    @safe private struct Filling<Map: SharedMap>: SharedWork {
        let map: Map
        let places: UnsafeMutableBufferPointer<Map.Value>

        func run(_ piece: Int) { unsafe places[piece] = map.value(piece) }
    }

    /// `body(0)` to `body(count - 1)`, collected in order.
    public func map<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
        var results = [Result?](repeating: nil, count: count)
        let lock = Mutex(())
        unsafe results.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let buffer = unsafe buffer
            forEach(count) { i in
                let result = body(i)
                lock.withLock { _ in unsafe buffer[i] = result }
            }
        }
        return results.compactMap { $0 }
    }

    /// The part of `0 ..< count` that belongs to `shard`: contiguous, sizes differ by at most one.
    public func range(of shard: Int, in count: Int) -> Range<Int> {
        let low = count * shard / shards
        return low..<(count * (shard + 1) / shards)
    }
}
