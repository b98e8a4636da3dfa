/// Weights and small files that belong together, in one folder.
enum FolderFiles {
    /// Writes and syncs all files beside their places first. A new folder then appears at once; in a
    /// folder that is there, the files are replaced one after the other. When anything fails before
    /// that, a folder that was there is as it was.
    ///
    /// - Parameters:
    ///   - path: The folder; those above it are made when they are missing.
    ///   - weightsName: The file of the weights.
    ///   - contradictory: Files that would be taken for those written, removed from a folder that was
    ///     there.
    static func write(
        _ path: String, weights: [StoredTensor], as weightsName: String,
        precision: StoredPrecision = .float32, small: [(name: String, bytes: [UInt8])],
        removing contradictory: [String] = []
    ) throws(LanguageModelError) {
        let folder = FileAccess.withoutTrailingSlashes(path)
        let isNew = !FileAccess.exists(folder)
        if !isNew, !FileAccess.isFolder(folder) { throw .file(path: path, .isNotFolder) }
        let suffix = FileAccess.temporarySuffix()
        let stage = isNew ? folder + suffix : folder + "/new" + suffix
        let names = [weightsName] + small.map(\.name)
        do {
            try FileAccess.createFolder(stage)
            try SafetensorsFile.write(
                weights, to: stage + "/" + weightsName, precision: precision)
            for (name, bytes) in small { try FileAccess.write(bytes, to: stage + "/" + name) }
            if isNew {
                try FileAccess.move(stage, to: folder)
            } else {
                for name in names {
                    try FileAccess.move(stage + "/" + name, to: folder + "/" + name)
                }
                for name in contradictory { FileAccess.removeFile(folder + "/" + name) }
                FileAccess.removeFolder(stage)
            }
        } catch {
            for name in names { FileAccess.removeFile(stage + "/" + name) }
            FileAccess.removeFolder(stage)
            throw error.inFolder(stage, shownAs: folder)
        }
    }
}

extension LanguageModelError {
    /// The error with the folder the user asked for in place of the temporary one.
    fileprivate func inFolder(_ stage: String, shownAs folder: String) -> LanguageModelError {
        guard case .file(let path, let problem) = self, path.hasPrefix(stage) else { return self }
        return .file(path: folder + path.dropFirst(stage.count), problem)
    }
}
