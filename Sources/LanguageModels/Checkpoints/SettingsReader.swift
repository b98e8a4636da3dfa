import OrderedJSON

/// Reads keys of a JSON file and says which key of which file is wrong.
struct SettingsReader {
    let file: String
    let object: JSONObject
    /// Put before keys in errors: `model.` inside the object of that name.
    private let prefix: String

    /// Reads a file whose whole text is one object.
    init(parsing bytes: [UInt8], file: String) throws(LanguageModelError) {
        let json = try Self.parse(bytes, file: file)
        guard let object = json.objectValue else {
            throw .notJSON(
                file: file, line: 1, column: 1, problem: "expected an object, found \(json.kind)")
        }
        self.init(file: file, object: object, prefix: "")
    }

    private init(file: String, object: JSONObject, prefix: String) {
        self.file = file
        self.object = object
        self.prefix = prefix
    }

    static func parse(_ bytes: [UInt8], file: String) throws(LanguageModelError) -> JSON {
        do {
            return try JSON(parsing: bytes)
        } catch {
            throw .notJSON(
                file: file, line: error.line, column: error.column, problem: error.problem)
        }
    }

    /// The value of a key; JSON's null counts as no value.
    func value(_ key: String) -> JSON? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    func error(_ key: String, _ problem: SettingProblem) -> LanguageModelError {
        .setting(file: file, key: prefix + key, problem)
    }

    func string(_ key: String) throws(LanguageModelError) -> String? {
        try read(key, expected: "a string") { $0.stringValue }
    }

    func bool(_ key: String) throws(LanguageModelError) -> Bool? {
        try read(key, expected: "true or false") { $0.boolValue }
    }

    func integer(_ key: String) throws(LanguageModelError) -> Int? {
        try read(key, expected: "an integer") { $0.intValue }
    }

    func number(_ key: String) throws(LanguageModelError) -> Double? {
        try read(key, expected: "a number") { $0.doubleValue }
    }

    func array(_ key: String) throws(LanguageModelError) -> [JSON]? {
        try read(key, expected: "an array") { $0.arrayValue }
    }

    /// The object at a key, ready to be read.
    func section(_ key: String) throws(LanguageModelError) -> SettingsReader? {
        let object = try read(key, expected: "an object") { $0.objectValue }
        return object.map { SettingsReader(file: file, object: $0, prefix: "\(prefix)\(key).") }
    }

    /// Each element of an array as an object, ready to be read.
    func sections(_ key: String) throws(LanguageModelError) -> [SettingsReader]? {
        guard let elements = try array(key) else { return nil }
        var sections: [SettingsReader] = []
        for (index, element) in elements.enumerated() {
            let name = "\(key)[\(index)]"
            guard let object = element.objectValue else {
                throw error(name, .wrongKind(expected: "an object", found: element.kind))
            }
            sections.append(
                SettingsReader(file: file, object: object, prefix: "\(prefix)\(name)."))
        }
        return sections
    }

    /// Insists on a value that was read.
    func require<Value>(_ key: String, _ value: Value?) throws(LanguageModelError) -> Value {
        guard let value else { throw error(key, .missing) }
        return value
    }

    private func read<Value>(
        _ key: String, expected: String, _ convert: (JSON) -> Value?
    ) throws(LanguageModelError) -> Value? {
        guard let value = value(key) else { return nil }
        guard let converted = convert(value) else {
            throw error(key, .wrongKind(expected: expected, found: value.kind))
        }
        return converted
    }
}
