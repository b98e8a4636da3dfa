/// A file that only grows by whole pieces: a write that fails half-way is taken back.
///
/// Without this, the first piece written after a full disk had space again would stand on the same
/// line as the torn one before it, and both would be lost.
struct AppendOnlyFile: ~Copyable {
    private let file: PosixFile
    private var length: Int
    private var isTorn = false
    private var isDirty = false

    /// Goes on after the first `length` bytes of a file opened for appending.
    init(_ file: consuming PosixFile, length: Int) {
        self.file = file
        self.length = length
    }

    /// Appends the bytes, or nothing.
    ///
    /// - Parameter isDurable: Whether the bytes must be on the device when this returns.
    mutating func append(_ bytes: [UInt8], isDurable: Bool = false) throws(PosixError) {
        do {
            if isTorn { try cutBack() }
            isTorn = true
            try file.write(bytes)
            isDirty = true
            if isDurable { try synchronize() }
            isTorn = false
        } catch {
            // When even this fails, the next attempt cuts first.
            try? cutBack()
            throw error
        }
        length += bytes.count
    }

    /// Puts everything appended so far on the device.
    mutating func synchronize() throws(PosixError) {
        guard isDirty else { return }
        try file.synchronize()
        isDirty = false
    }

    private mutating func cutBack() throws(PosixError) {
        try file.truncate(to: length)
        isTorn = false
    }
}
