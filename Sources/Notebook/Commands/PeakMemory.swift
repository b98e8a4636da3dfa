import Autograd

/// The largest resident set of this process, as Linux counts it.
enum PeakMemory {
    /// Gives unused memory back and counts anew from what is left (`proc(5)`, `clear_refs`). Where
    /// that is not allowed, the peak stays that of the whole process.
    static func reset() {
        MemoryPool.releaseUnused()
        guard let file = try? PosixFile("/proc/self/clear_refs", .commanding) else { return }
        try? file.write(Array("5".utf8))
    }

    /// Bytes since the last ``reset()``; nil where the kernel does not tell.
    static var bytes: Int? {
        Machine.kilobytes(Machine.field("VmHWM", in: Machine.systemText("/proc/self/status")))
    }
}
