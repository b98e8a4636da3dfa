import COneDNN
import Synchronization

/// Floats in memory, aligned to a cache line, used again when the last tensor has let go of them.
///
/// The pointer never changes, so kernels see plain memory: no uniqueness and no exclusivity checks.
/// The capacity is a multiple of 16 floats.
@safe final class Storage: @unchecked Sendable {
    // Shards write to disjoint storages and only read shared ones; `ParallelPlan` is the one place
    // that hands storages to other threads.
    let pointer: UnsafeMutablePointer<Float>
    let capacity: Int

    fileprivate init(capacity: Int) {
        self.capacity = capacity
        let raw = UnsafeMutableRawPointer.allocate(byteCount: capacity * 4, alignment: 64)
        unsafe pointer = raw.bindMemory(to: Float.self, capacity: capacity)
    }

    deinit { unsafe UnsafeMutableRawPointer(pointer).deallocate() }
}

/// The memory of all tensors, kept by size for the next training step.
///
/// A step asks for the same sizes again and again; after the first ones it allocates nothing new. The
/// pool refers to every storage it has made: one that nobody else refers to is free. It holds no values
/// that anyone reads, so it cannot influence a result.
public enum MemoryPool {
    private static let classes = Mutex([SizeClass](repeating: SizeClass(), count: 4 * Int.bitWidth))
    private static let allocated = Mutex<Int>(0)

    /// Uninitialized memory for at least `count` floats.
    static func storage(for count: Int) -> Storage {
        let capacity = sizeClass(for: count)
        return classes.withLock { $0[place(of: capacity)].take(capacity) }
    }

    /// Four classes an octave: at most a quarter of the memory is slack.
    static func sizeClass(for count: Int) -> Int {
        let needed = max(16, (count + 15) & ~15)
        let step = step(atOctave: octave(of: needed))
        return (needed + step - 1) / step * step
    }

    private static func octave(of capacity: Int) -> Int {
        Int.bitWidth - 1 - capacity.leadingZeroBitCount
    }

    private static func step(atOctave octave: Int) -> Int { max(16, 1 << max(0, octave - 2)) }

    /// The number of a size class.
    private static func place(of capacity: Int) -> Int {
        let octave = octave(of: capacity)
        return 4 * octave + (capacity - (1 << octave)) / step(atOctave: octave)
    }

    /// Bytes that a tensor of `count` floats takes.
    public static func bytes(forFloats count: Int) -> Int { sizeClass(for: count) * 4 }

    /// Bytes held now: those of tensors and those kept for later ones.
    public static var allocatedBytes: Int { allocated.withLock { $0 } }

    /// Gives the memory that no tensor uses back to the system.
    public static func releaseUnused() {
        classes.withLock { classes in
            for place in classes.indices { classes[place].releaseFree() }
        }
        memory_trim()
    }

    /// Storages of one size.
    private struct SizeClass {
        /// Those that were given to tensors, the latest last; some of the tensors may be gone.
        private var given: [Storage] = []
        /// Those that are free for certain.
        private var free: [Storage] = []

        /// The latest ones that are looked at first: what a tensor has just let go of is in the cache.
        private static let recent = 16
        /// Smaller ones are made an eighth at a time, so that `given` is not searched for each. Of larger
        /// ones there are hundreds at most, and memory matters more.
        private static let small = 1 << 14

        mutating func take(_ capacity: Int) -> Storage {
            for place in given.indices.suffix(Self.recent).reversed()
            where isKnownUniquelyReferenced(&given[place]) {
                return given[place]
            }
            if free.isEmpty {
                collectFree()
                let reserve = capacity < Self.small ? given.count / 8 : 0
                while free.count <= reserve {
                    free.append(Storage(capacity: capacity))
                    allocated.withLock { $0 += capacity * 4 }
                }
            }
            let storage = free.removeLast()
            given.append(storage)
            return storage
        }

        mutating func releaseFree() {
            collectFree()
            allocated.withLock { $0 -= free.reduce(0) { $0 + $1.capacity * 4 } }
            free = []
        }

        /// Moves those that no tensor refers to any more to the free ones.
        private mutating func collectFree() {
            var kept = 0
            for place in given.indices {
                if isKnownUniquelyReferenced(&given[place]) {
                    free.append(given[place])
                } else {
                    given.swapAt(kept, place)
                    kept += 1
                }
            }
            given.removeLast(given.count - kept)
        }
    }
}
