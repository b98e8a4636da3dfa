import Autograd

@testable import Notebook

/// What a disk can hold after a loss of power, made from the operations before it.
///
/// Only what was synced is certain: a file's bytes by its own `fsync`, a name by that of its
/// folder. Of the rest any part may be there: each 512-byte sector of a write on its own, in any
/// order, each change of a name on its own, and the length of a file may lag behind.
struct PowerLoss {
    private final class File {
        enum Change {
            case write(at: Int, [UInt8])
            case truncate(Int)
        }
        var durable: [UInt8] = []
        var pending: [Change] = []
        var length = 0
    }

    private enum Entry {
        case file(File)
        case folder
    }

    private enum NameChange {
        case link(String, Entry)
        case unlink(String)
        case rename(String, String, Entry)
    }

    private let root: String
    private var names: [String: Entry] = [:]
    private var durableNames: [String: Entry] = [:]
    private var pendingNames: [(folder: String, change: NameChange)] = []

    /// - Parameter root: A folder that was there before the first operation.
    init(_ operations: some Sequence<FileOperation>, root: String) {
        self.root = root
        for operation in operations { apply(operation) }
    }

    private mutating func apply(_ operation: FileOperation) {
        switch operation {
        case .create(let path):
            if names[path] == nil { add(.file(File()), at: path) }
        case .makeFolder(let path):
            if names[path] == nil { add(.folder, at: path) }
        case .write(let path, let bytes):
            guard case .file(let file) = names[path] else { return }
            file.pending.append(.write(at: file.length, bytes))
            file.length += bytes.count
        case .truncate(let path, let count):
            guard case .file(let file) = names[path] else { return }
            file.pending.append(.truncate(count))
            file.length = count
        case .synchronize(let path):
            if case .file(let file) = names[path] {
                file.durable = Self.contents(of: file) { _ in true }
                file.pending = []
            } else {
                for item in pendingNames where item.folder == path {
                    Self.apply(item.change, to: &durableNames)
                }
                pendingNames.removeAll { $0.folder == path }
            }
        case .rename(let path, let new):
            guard let entry = names[path] else { return }
            names[path] = nil
            names[new] = entry
            pendingNames.append((Files.parent(of: new), .rename(path, new, entry)))
        case .remove(let path):
            names[path] = nil
            pendingNames.append((Files.parent(of: path), .unlink(path)))
        }
    }

    private mutating func add(_ entry: Entry, at path: String) {
        names[path] = entry
        pendingNames.append((Files.parent(of: path), .link(path, entry)))
    }

    private static func apply(_ change: NameChange, to names: inout [String: Entry]) {
        switch change {
        case .link(let path, let entry): names[path] = entry
        case .unlink(let path): names[path] = nil
        case .rename(let path, let new, let entry):
            names[path] = nil
            names[new] = entry
        }
    }

    /// The bytes of a file with some of the sectors and truncations that were not synced.
    private static func contents(
        of file: File, keeps: (Int) -> Bool
    ) -> [UInt8] {
        var bytes = file.durable
        for change in file.pending {
            switch change {
            case .truncate(let count):
                guard keeps(0) else { continue }
                bytes = Array(bytes.prefix(count))
                bytes += [UInt8](repeating: 0, count: count - bytes.count)
            case .write(let start, let new):
                var offset = 0
                while offset < new.count {
                    let end = min(new.count, ((start + offset) / 512 + 1) * 512 - start)
                    if keeps(offset) {
                        let needed = start + end - bytes.count
                        if needed > 0 { bytes += [UInt8](repeating: 0, count: needed) }
                        bytes.replaceSubrange(start + offset..<start + end, with: new[offset..<end])
                    }
                    offset = end
                }
            }
        }
        return bytes
    }

    /// Writes one of the possible states into a folder.
    func leave(seed: UInt64, in target: String) throws {
        var random = RandomStream(seed: seed, purpose: RandomPurpose("power loss"))
        // Some seeds keep nothing that was not synced, some all of it.
        let share = [0, 0.2, 0.5, 0.8, 1][Int(random.nextUniform() * 5) % 5]
        var left = durableNames
        for item in pendingNames where random.nextUniform() < Float(share) {
            Self.apply(item.change, to: &left)
        }
        for path in left.keys.sorted() {
            guard path.hasPrefix(root + "/"), Self.isReachable(path, left, root) else { continue }
            let place = target + path.dropFirst(root.count)
            switch left[path] {
            case .folder: try Files.makeFolders(place)
            case .file(let file):
                var bytes = Self.contents(of: file) { _ in random.nextUniform() < Float(share) }
                let unsynced = bytes.count - file.durable.count
                if unsynced > 0, random.nextUniform() < 0.3 {
                    bytes.removeLast(Int(random.nextUniform() * Float(unsynced)))
                }
                try Files.makeFolders(Files.parent(of: place))
                let output = try PosixFile(place, .updating)
                try output.write(bytes)
            case nil: continue
            }
        }
    }

    private static func isReachable(
        _ path: String, _ names: [String: Entry], _ root: String
    ) -> Bool {
        var folder = Files.parent(of: path)
        while folder != root {
            guard case .folder = names[folder] else { return false }
            folder = Files.parent(of: folder)
        }
        return true
    }
}
