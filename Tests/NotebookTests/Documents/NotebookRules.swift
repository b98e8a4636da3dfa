import OrderedJSON

@testable import Notebook

/// The rules of nbformat 4.5 (`nbformat.v4.5.schema.json`), so that the tests need no Python.
///
/// `Tests/Peers/documents.py` holds nbformat's own validator against the same exports.
enum NotebookRules {
    static func problems(of json: JSON) -> [String] {
        var problems: [String] = []
        func require(_ isTrue: Bool, _ problem: String) { if !isTrue { problems.append(problem) } }
        require(
            sorted(json) == ["cells", "metadata", "nbformat", "nbformat_minor"], "top-level keys")
        require(json["nbformat"] == 4, "nbformat is 4")
        require((json["nbformat_minor"]?.intValue ?? 0) >= 5, "nbformat_minor is 5 or more")
        let metadata = json["metadata"]?.objectValue
        require(metadata != nil, "metadata is an object")
        if let kernel = metadata?["kernelspec"] {
            require(kernel["name"]?.stringValue != nil, "kernelspec has a name")
            require(kernel["display_name"]?.stringValue != nil, "kernelspec has a display_name")
        }
        if let language = metadata?["language_info"] {
            require(language["name"]?.stringValue != nil, "language_info has a name")
        }
        var ids: Set<String> = []
        for (index, cell) in (json["cells"]?.arrayValue ?? []).enumerated() {
            problems += self.problems(ofCell: cell).map { "cell \(index): \($0)" }
            if let id = cell["id"]?.stringValue, !ids.insert(id).inserted {
                problems.append("cell \(index): the id is there twice")
            }
        }
        return problems
    }

    private static func sorted(_ json: JSON) -> [String] { (json.objectValue?.keys ?? []).sorted() }

    private static func problems(ofCell cell: JSON) -> [String] {
        var problems: [String] = []
        func require(_ isTrue: Bool, _ problem: String) { if !isTrue { problems.append(problem) } }
        var keys = sorted(cell)
        switch cell["cell_type"]?.stringValue {
        case "code":
            require(
                keys == ["cell_type", "execution_count", "id", "metadata", "outputs", "source"],
                "keys of a code cell")
            let count = cell["execution_count"]
            require(count?.isNull == true || (count?.intValue ?? -1) >= 0, "execution_count")
        case "markdown", "raw":
            keys.removeAll { $0 == "attachments" }
            require(keys == ["cell_type", "id", "metadata", "source"], "keys of a text cell")
        default: problems.append("cell_type")
        }
        let id = cell["id"]?.stringValue ?? ""
        require(
            (1...64).contains(id.utf8.count)
                && id.utf8.allSatisfy {
                    UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                        || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 || $0 == 0x2D
                        || $0 == 0x5F
                }, "id \(id)")
        require(isText(cell["source"]), "source")
        let metadata = cell["metadata"]?.objectValue
        require(metadata != nil, "metadata")
        if let name = metadata?["name"] { require(name.stringValue != nil, "metadata.name") }
        if let tags = metadata?["tags"] {
            let texts = (tags.arrayValue ?? []).compactMap(\.stringValue)
            require(
                tags.arrayValue?.count == Set(texts).count && !texts.contains { $0.contains(",") },
                "tags are unique texts without commas")
        }
        for output in cell["outputs"]?.arrayValue ?? [] {
            problems += self.problems(ofOutput: output)
        }
        return problems
    }

    private static func isText(_ json: JSON?) -> Bool {
        json?.stringValue != nil
            || json?.arrayValue.map { $0.allSatisfy { $0.stringValue != nil } } == true
    }

    private static func problems(ofOutput output: JSON) -> [String] {
        let keys = sorted(output)
        var problems: [String] = []
        func require(_ isTrue: Bool, _ problem: String) { if !isTrue { problems.append(problem) } }
        switch output["output_type"]?.stringValue {
        case "stream":
            require(keys == ["name", "output_type", "text"], "keys of a stream")
            require(isText(output["text"]), "text of a stream")
            require(
                ["stdout", "stderr"].contains(output["name"]?.stringValue), "name of a stream")
        case "display_data": require(keys == ["data", "metadata", "output_type"], "display_data")
        case "execute_result":
            require(
                keys == ["data", "execution_count", "metadata", "output_type"], "execute_result")
        case "error":
            require(keys == ["ename", "evalue", "output_type", "traceback"], "keys of an error")
            require(output["traceback"]?.arrayValue != nil, "traceback is a list")
        default: problems.append("output_type")
        }
        for (type, value) in output["data"]?.objectValue ?? JSONObject()
        where type != "application/json" && !type.hasSuffix("+json") {
            require(isText(value), "data of \(type)")
        }
        if let metadata = output["metadata"] {
            require(metadata.objectValue != nil, "metadata of an output")
        }
        return problems
    }
}
