import COneDNN
import Synchronization

/// Floats in memory, aligned to a cache line, recycled when the last tensor lets go of them.
///
/// The pointer never changes, so kernels see plain memory: no uniqueness and no exclusivity checks.
/// The capacity is a multiple of 16 floats.
@safe final class Storage: @unchecked Sendable {
    // Shards write to disjoint storages and only read shared ones; `ParallelPlan` is the one place
    // that hands storages to other threads.
    let pointer: UnsafeMutablePointer<Float>
    let capacity: Int

    /// Uninitialized memory for at least `count` floats.
    init(count: Int) {
        capacity = MemoryPool.sizeClass(for: count)
        unsafe pointer = MemoryPool.take(capacity)
    }

    deinit { unsafe MemoryPool.recycle(pointer, capacity) }
}

/// Memory given back by tensors, kept by size for the next training step.
///
/// A step asks for the same sizes again and again; after the first one it allocates nothing new. The
/// pool holds no values that anyone reads, so it cannot influence a result.
public enum MemoryPool {
    private static let free = Mutex<[Int: [UInt]]>([:])
    private static let allocated = Mutex<Int>(0)

    /// Four classes an octave: at most a quarter of the memory is slack.
    static func sizeClass(for count: Int) -> Int {
        let needed = max(16, (count + 15) & ~15)
        let octave = Int.bitWidth - 1 - needed.leadingZeroBitCount
        let step = max(16, 1 << max(0, octave - 2))
        return (needed + step - 1) / step * step
    }

    /// Bytes that a tensor of `count` floats takes.
    public static func bytes(forFloats count: Int) -> Int { sizeClass(for: count) * 4 }

    /// Bytes held now: those of tensors and those kept for later ones.
    public static var allocatedBytes: Int { allocated.withLock { $0 } }

    /// Gives the memory that no tensor uses back to the system.
    public static func releaseUnused() {
        free.withLock { free in
            for (capacity, addresses) in free {
                for address in addresses {
                    unsafe UnsafeMutableRawPointer(bitPattern: address)?.deallocate()
                }
                allocated.withLock { $0 -= capacity * 4 * addresses.count }
            }
            free = [:]
        }
        memory_trim()
    }

    fileprivate static func take(_ capacity: Int) -> UnsafeMutablePointer<Float> {
        let recycled = free.withLock { $0[capacity]?.popLast() }
        if let recycled, let pointer = unsafe UnsafeMutablePointer<Float>(bitPattern: recycled) {
            return unsafe pointer
        }
        allocated.withLock { $0 += capacity * 4 }
        let raw = UnsafeMutableRawPointer.allocate(byteCount: capacity * 4, alignment: 64)
        return unsafe raw.bindMemory(to: Float.self, capacity: capacity)
    }

    fileprivate static func recycle(_ pointer: UnsafeMutablePointer<Float>, _ capacity: Int) {
        let address = UInt(bitPattern: pointer)
        free.withLock { $0[capacity, default: []].append(address) }
    }
}
