public import OrderedJSON

/// One row of a feedback file. Reading what was written gives the same value.
public protocol FeedbackRow: Equatable, Sendable {
    /// Reads a row with the key names of the Hugging Face TRL library.
    ///
    /// Keys with the value `null` count as absent; keys that are not known are ignored here and
    /// counted by `FeedbackFile`.
    ///
    /// - Throws: `RowProblem` for a missing key or a value of the wrong kind.
    init(json: JSON) throws(RowProblem)

    /// The row as a JSON object; optional keys that say nothing are left out.
    var json: JSON { get }
}

/// A row that belongs to a prompt, so that files can be split by prompt.
public protocol PromptGrouped {
    /// The id of the prompt the row is about; equal for all rows of one prompt.
    var promptID: String { get }
}

/// Typed access to the keys of a row.
struct RowReader {
    let object: JSONObject
    private let path: String

    init(_ json: JSON, path: String = "") throws(RowProblem) {
        guard let object = json.objectValue else {
            throw RowProblem(key: path, expected: "an object", found: json.kind)
        }
        self.object = object
        self.path = path
    }

    /// The value at `key`, or nil when it is absent or null.
    subscript(key: String) -> JSON? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    func string(_ key: String) throws(RowProblem) -> String {
        guard let value = self[key] else { throw missing(key, expected: "a string") }
        guard let string = value.stringValue else {
            throw problem(key, expected: "a string", found: value)
        }
        return string
    }

    func optionalString(_ key: String) throws(RowProblem) -> String? {
        self[key] == nil ? nil : try string(key)
    }

    func optionalNumber(_ key: String) throws(RowProblem) -> Double? {
        guard let value = self[key] else { return nil }
        guard let number = value.doubleValue else {
            throw problem(key, expected: "a number", found: value)
        }
        return number
    }

    func bool(_ key: String) throws(RowProblem) -> Bool {
        guard let value = self[key] else { throw missing(key, expected: "true or false") }
        guard let bool = value.boolValue else {
            throw problem(key, expected: "true or false", found: value)
        }
        return bool
    }

    /// The truth value at `key`, false when it is absent.
    func flag(_ key: String) throws(RowProblem) -> Bool {
        self[key] == nil ? false : try bool(key)
    }

    /// An id, which may be written as a string or an integer, at the first of the keys there is.
    func optionalID(_ keys: String...) throws(RowProblem) -> String? {
        guard let key = keys.first(where: { self[$0] != nil }), let value = self[key] else {
            return nil
        }
        if let integer = value.intValue { return String(integer) }
        guard let string = value.stringValue else {
            throw problem(key, expected: "a string or an integer", found: value)
        }
        return string
    }

    func missing(_ key: String, expected: String) -> RowProblem {
        let found = object.isEmpty ? "an object without keys" : "no such key"
        let keys = object.isEmpty ? "" : " (the keys are \(object.keys.joined(separator: ", ")))"
        return RowProblem(key: path + key, expected: expected, found: found + keys)
    }

    func problem(_ key: String, expected: String, found: JSON) -> RowProblem {
        RowProblem(key: path + key, expected: expected, found: found.kind)
    }
}
