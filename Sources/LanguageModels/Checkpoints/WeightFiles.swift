import OrderedJSON

/// The weights of a folder: one safetensors file, or several with an index.
struct WeightFiles {
    private var files: [SafetensorsFile] = []
    /// The tensors' names, in the order of the files.
    private(set) var names: [String] = []
    private var fileOfName: [String: Int] = [:]

    init(folder: String) throws(LanguageModelError) {
        let single = folder + "/" + ModelFolder.weightsName
        if FileAccess.exists(single) {
            try add(SafetensorsFile(path: single))
            return
        }
        let indexPath = folder + "/" + ModelFolder.indexName
        let index = try SettingsReader(parsing: FileAccess.read(indexPath), file: indexPath)
        let map = try index.require("weight_map", index.section("weight_map"))
        let fileNames = try Self.fileNames(map)
        let missing = fileNames.filter { !FileAccess.exists(folder + "/" + $0) }
        guard missing.isEmpty else { throw .folder(path: folder, .missingFiles(missing)) }
        for fileName in fileNames {
            let file = try SafetensorsFile(path: folder + "/" + fileName)
            for name in file.names where map.value(name)?.stringValue != fileName {
                throw .folder(path: folder, .indexDisagrees(tensor: name, file: fileName))
            }
            add(file)
        }
        for name in map.object.keys where fileOfName[name] == nil {
            let fileName = map.value(name)?.stringValue ?? ""
            throw .safetensors(file: folder + "/" + fileName, .missingTensor(name: name))
        }
    }

    func shape(of name: String) -> [Int]? {
        fileOfName[name].flatMap { files[$0].shape(of: name) }
    }

    func tensor(_ name: String) throws(LanguageModelError) -> StoredTensor {
        try files[fileOfName[name] ?? 0].tensor(name)
    }

    private mutating func add(_ file: SafetensorsFile) {
        for name in file.names {
            names.append(name)
            fileOfName[name] = files.count
        }
        files.append(file)
    }

    /// The files an index names, each once, in order. Only files of the folder itself are taken.
    private static func fileNames(_ map: SettingsReader) throws(LanguageModelError) -> [String] {
        var fileNames: [String] = []
        for name in map.object.keys {
            let fileName = try map.require(name, map.string(name))
            guard !fileName.isEmpty, fileName != "..", !fileName.utf8.contains(UInt8(ascii: "/"))
            else {
                throw map.error(
                    name, .outOfRange(expected: "the name of a file in the folder", found: fileName)
                )
            }
            if !fileNames.contains(fileName) { fileNames.append(fileName) }
        }
        return fileNames
    }
}
