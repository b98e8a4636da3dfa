import OrderedJSON

/// Records of Label Studio's JSON_MIN, CSV and TSV exports: one an annotation, data and results in
/// one object.
///
/// They have lost skipped tasks, the mark of ground truth, and whether an annotation without a
/// choice was meant as a tie.
enum LabelStudioRecord {
    private static let own = [
        "id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement",
    ]

    /// The record as a task of the raw export, as far as it is still known.
    static func task(of record: JSONObject, _ configuration: LabelStudioConfiguration) -> JSON {
        var data = JSONObject()
        var results: [JSON] = []
        for (key, value) in record where !own.contains(key) {
            if let selected = value[0]?["selected"] {
                results.append([
                    "from_name": .string(key), "type": "pairwise", "value": ["selected": selected],
                ])
            } else if key == configuration.verdictName, let word = value.stringValue {
                if word.isEmpty { continue }  // Nothing chosen.
                results.append([
                    "from_name": .string(key), "type": "choices",
                    "value": ["choices": [.string(word)]],
                ])
            } else if let result = value[0]?.objectValue {
                // Rankings and ratings: results of controls that are not read.
                results.append([
                    "from_name": .string(key), "type": "other", "value": .object(result),
                ])
            } else {
                data[key] = value
            }
        }
        var annotation = JSONObject()
        annotation["completed_by"] = record["annotator"]
        annotation["lead_time"] = record["lead_time"]
        annotation["updated_at"] = record["updated_at"]
        annotation["result"] = .array(results)
        return ["data": .object(data), "annotations": [.object(annotation)]]
    }
}
