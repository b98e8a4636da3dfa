extension LiveSession {
    /// Files that a cell has read and that hold something else now. A file that has gone is none of
    /// them: the session keeps what was read.
    func changedFiles(of cell: Cell) -> [(path: String, was: Digest, now: Digest)] {
        cell.reads.pairs.compactMap { name, digest in
            guard name.hasPrefix("file:"), let now = self.digest(ofInput: name), now != digest
            else { return nil }
            return (String(name.dropFirst(5)), digest, now)
        }
    }
}
