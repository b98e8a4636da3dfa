import OrderedJSON

/// A folder of files as one artifact: the list of its files by name and digest.
///
/// The manifest's own digest names the folder, so a model folder (configuration, weights,
/// tokenizer) stands in a slot as one value, and a part that two folders share is kept once.
///
///     {"files":{"config.json":"sha256:…","model.safetensors":"sha256:…"}}
struct FolderManifest: Equatable, Sendable {
    /// The files, sorted by name.
    var files: SlotDigests

    var bytes: [UInt8] { Array(JSON.object(JSONObject([("files", files.json)])).text.utf8) }
}

extension ArtifactStore {
    /// Keeps the files that lie directly in a folder, and their manifest; answers its digest.
    ///
    /// - Throws: `SessionError.noFolder`, `.unreadable`, `.outOfSpace`, `.unwritable`.
    @discardableResult
    func put(folder: String) throws(SessionError) -> Digest {
        var files = SlotDigests()
        do {
            guard try Posix.kind(of: folder) == .folder else {
                throw SessionError.noFolder(path: folder)
            }
            for name in try Posix.names(in: folder)
            where try Posix.kind(of: Files.join(folder, name)) == .file {
                files[name] = try put(file: Files.join(folder, name))
            }
        } catch {
            throw .reading(any: error, folder)
        }
        return try put(FolderManifest(files: files).bytes)
    }

    /// The manifest with this digest.
    ///
    /// - Throws: as `get`, and `SessionError.malformed` when the artifact is no manifest.
    func manifest(_ digest: Digest) throws(SessionError) -> FolderManifest {
        let bytes = try get(digest)
        guard let json = try? JSON(parsing: bytes),
            let files = json["files"].flatMap(SlotDigests.init(json:))
        else {
            throw .malformed(
                path: path(of: digest), line: 1, problem: "it is not the list of a folder's files")
        }
        return FolderManifest(files: files)
    }

    /// The artifacts that a folder needs and the store does not have, in the order of the names.
    func missing(from manifest: FolderManifest) -> [(slot: String, digest: Digest)] {
        manifest.files.filter { !contains($0.digest) }
    }

    /// Makes the folder of a manifest again at `target`, each file checked.
    ///
    /// - Throws: as `get`, and `SessionError.outOfSpace`, `.unwritable`.
    func restore(folder digest: Digest, to target: String) throws(SessionError) {
        let manifest = try manifest(digest)
        do {
            try Files.makeFolders(target)
        } catch {
            throw .writing(error)
        }
        for (name, file) in manifest.files {
            let bytes = try get(file)
            do {
                try Files.replace(Files.join(target, name), with: bytes)
            } catch {
                throw .writing(error)
            }
        }
    }
}
