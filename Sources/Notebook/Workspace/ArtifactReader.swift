import Glibc
import HumanFeedback
import LanguageModels
import OrderedJSON

/// Finds out what a file, a folder or an artifact of a store is, and reads it.
enum ArtifactReader {
    /// A file or a model folder, with the digest of its bytes.
    ///
    /// - Parameter base: Where the base of an adapter's folder is.
    static func read(
        path: String, configuration: LabelStudioConfiguration? = nil, base: String? = nil
    ) throws -> (Artifact, Digest) {
        let kind: FileKind?
        do { kind = try Posix.kind(of: path) } catch { throw SessionError.reading(error) }
        if kind == .folder { return try read(folder: path, base: base) }
        if kind == nil { throw FeedbackError.missingFile(path: path) }
        let bytes: [UInt8]
        do { bytes = try Files.read(path) } catch { throw SessionError.reading(error) }
        let artifact = try read(bytes, path: path, configuration: configuration)
        return (artifact, Digest(of: bytes))
    }

    private static func read(folder path: String, base: String?) throws -> (Artifact, Digest) {
        if try !holdsModel(path) {
            let tokenizer = try Tokenizer(folder: path)
            return (.tokenizer(tokenizer), Digest(of: tokenizer.json().prettyText()))
        }
        return (.model(try ModelFiles.read(path, base: base)), try digest(ofFolder: path))
    }

    private static func holdsModel(_ path: String) throws -> Bool {
        try AdapterFolder.isOne(path) || Posix.kind(of: Files.join(path, "config.json")) != nil
    }

    /// The digest that reading a path would answer; nil where nothing is.
    static func digest(ofPath path: String) throws -> Digest? {
        switch try Posix.kind(of: path) {
        case .file: try Digest(ofFile: path)
        case .folder: try digest(ofFolder: path)
        default: nil
        }
    }

    private static func digest(ofFolder path: String) throws -> Digest {
        guard try holdsModel(path) else {
            return Digest(of: try Tokenizer(folder: path).json().prettyText())
        }
        var files = SlotDigests()
        for name in try Posix.names(in: path)
        where try Posix.kind(of: Files.join(path, name)) == .file {
            files[name] = try Digest(ofFile: Files.join(path, name))
        }
        return Digest(of: FolderManifest(files: files).bytes)
    }

    /// The value with this digest in a session's store.
    static func read(_ digest: Digest, from store: ArtifactStore) throws -> Artifact {
        let bytes = try store.get(digest)
        let name = "artifact \(digest.short)"
        if bytes.starts(with: Array(#"{"files":"#.utf8)) {
            let folder = Files.temporaryPath(beside: Files.join(store.path, "folder"))
            try store.restore(folder: digest, to: folder)
            defer { TemporaryFolder.remove(folder) }
            return .model(try ModelFiles.read(folder, isLasting: false))
        }
        return try read(bytes, path: name, configuration: nil)
    }

    private static func read(
        _ bytes: [UInt8], path: String, configuration: LabelStudioConfiguration?
    ) throws -> Artifact {
        if bytes.first == UInt8(ascii: "{"), let json = try? JSON(parsing: bytes),
            let object = json.objectValue
        {
            if object["rules"] != nil {
                do { return .rules(try RuleScorer(json: json), source: bytes) } catch {
                    throw RuleScorerError.badRules(path: path, problem: error)
                }
            }
            if object["model"] != nil && object["pre_tokenizer"] != nil {
                return .tokenizer(try Tokenizer(tokenizerJSON: bytes, file: path))
            }
        }
        let file = try FeedbackFile.read(bytes: bytes, path: path, configuration: configuration)
        switch file.data {
        case .demonstrations(let rows): return .demonstrations(rows)
        case .prompts(let rows): return .prompts(rows)
        case .pairs(let rows): return .pairs(rows)
        case .comparisons(let rows): return .comparisons(rows)
        case .votes(let rows): return .votes(rows)
        case .rankings, .labelled: return .pairs(try file.preferencePairs().pairs)
        case .labelledCompletions(let rows): return .labelledCompletions(rows)
        case .ratings(let rows): return .ratings(rows)
        }
    }
}

/// Writes values to files and folders outside a session.
enum ArtifactWriter {
    static func write(_ artifact: Artifact, to path: String) throws {
        switch artifact {
        case .model(let loaded): try ModelFiles.write(loaded, to: path)
        case .tokenizer(let tokenizer): try tokenizer.write(folder: path)
        default:
            guard let bytes = artifact.bytes else { return }
            do { try Files.replace(path, with: bytes) } catch { throw SessionError.writing(error) }
        }
    }

    /// Says at once, before hours of training, that a folder cannot be written.
    static func requireWritable(_ path: String) throws {
        let parent = Files.parent(of: path)
        do {
            if try Posix.kind(of: path) == .file {
                throw CommandError("\(path) is a file, expected a folder for --out")
            }
            try Files.makeFolders(parent)
            let probe = Files.temporaryPath(beside: path)
            try Files.replace(probe, with: [])
            try Posix.remove(probe)
        } catch let error as PosixError {
            throw SessionError.writing(error)
        }
    }
}

/// Folders that exist for a moment.
enum TemporaryFolder {
    static func remove(_ path: String) {
        for name in (try? Posix.names(in: path)) ?? [] { try? Posix.remove(Files.join(path, name)) }
        _ = unsafe rmdir(path)
    }
}
