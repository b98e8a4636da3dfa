import OrderedJSON

extension TutorialDocument {
    /// What an exported session adds to a notebook's `metadata.rlhf`; it is no part of the document.
    static let sessionKeys = [
        "id", "created", "shards", "precision", "engine", "instruction_set", "values", "set",
    ]

    /// What the front matter says, as values.
    var frontMatterValues: JSONObject {
        let yaml = try? YAMLReader.read(frontMatter, path: path, firstLine: 2)
        return yaml?.value.objectValue ?? JSONObject()
    }
}

extension TutorialCell {
    /// What an exported session adds to a cell's `metadata.rlhf`.
    static let sessionOptions = [
        "schema", "state", "stale", "inputs", "artifacts", "seed", "duration_s", "from_store",
    ]

    /// What the cell's YAML block says, as values.
    var metadataValues: JSONObject {
        let yaml = try? YAMLReader.read(metadataLines, path: "", firstLine: 1)
        return yaml?.value.objectValue ?? JSONObject()
    }
}
