import OrderedJSON

/// A cell of a tutorial: its source, and what the tutorial says about it.
struct TutorialCell: Equatable, Sendable {
    /// Stays the same when the tutorial is edited elsewhere: the name, or `t-3` for the third cell.
    var id: String
    var name: String?
    var tags: [String] = []
    /// The lines to run, without the blank lines at both ends.
    var source: String
    /// The line of the file on which `source` starts; in a notebook, whose lines nobody counts, 1.
    var line: Int
    /// Its number among the cells of a notebook, from 1; nil in a text.
    var notebookNumber: Int?
    /// Figures that the cell must reach (`rlhf: {expect: {accuracy: ">= 0.70"}}`).
    var expectations: [Expectation] = []
    /// Answers to the questions that the cell asks, used where nobody can type (`rlhf: {answers:
    /// …}`).
    var answers: [String] = []
    /// The longest the cell may take (`rlhf: {max_seconds: 60}`).
    var maxSeconds: Double?
    /// The other keys of the cell's YAML block, of other tools.
    var otherMetadata = JSONObject()
    /// The lines of the YAML block as they were written, to be written again.
    var metadataLines: [String] = []
    /// The outputs that a notebook file had, as they were: they are written again, and not looked
    /// into.
    var recorded: [JSON] = []

    /// The lines to run, each with its line in the file.
    var commands: [CellLine] { CellLine.lines(of: source, firstLine: line) }
}

extension TutorialCell {
    /// The keys that mean something under `rlhf:` in a cell.
    static let options = ["expect", "answers", "max_seconds"]

    /// Takes in the YAML block of the cell.
    mutating func take(_ yaml: YAMLReader.Result, _ place: Place) throws(DocumentError) {
        guard let object = yaml.value.objectValue else {
            throw place.wrongKind("---", "lines \"key: value\"", yaml.value)
        }
        for (key, value) in object {
            let place = place.key(key, in: yaml)
            switch key {
            case "name":
                guard let name = value.stringValue else {
                    throw place.wrongKind(key, "a name", value)
                }
                guard NotebookText.isCellID(name) else {
                    throw .badName(path: place.path, line: place.line, name: name)
                }
                self.name = name
                id = name
            case "tags":
                tags = try Self.strings(key, value, place)
            case "rlhf":
                guard let options = value.objectValue else {
                    throw place.wrongKind(key, "a mapping", value)
                }
                for (option, value) in options {
                    let place = place.key("rlhf.\(option)", in: yaml)
                    try take(option, value, place, yaml)
                }
            default: otherMetadata[key] = value
            }
        }
    }

    private mutating func take(
        _ option: String, _ value: JSON, _ place: Place, _ yaml: YAMLReader.Result
    ) throws(DocumentError) {
        switch option {
        case "expect":
            guard let figures = value.objectValue else {
                throw place.wrongKind(option, "a mapping of figures to conditions", value)
            }
            for (name, condition) in figures {
                guard let expectation = Expectation(name: name, json: condition) else {
                    let line = yaml.keyLines["rlhf.expect.\(name)"] ?? place.line
                    throw .badExpectation(
                        path: place.path, line: line, key: name,
                        text: condition.stringValue ?? condition.text)
                }
                expectations.append(expectation)
            }
        case "answers": answers = try Self.strings(option, value, place)
        case "max_seconds":
            guard let seconds = value.doubleValue, seconds > 0 else {
                throw place.wrongKind(option, "a number above 0", value)
            }
            maxSeconds = seconds
        case _ where Self.sessionOptions.contains(option): break
        default:
            throw .unknownKey(
                path: place.path, line: place.line, key: option, accepted: Self.options)
        }
    }

    /// A list of scalars as texts; one scalar is a list of one.
    private static func strings(
        _ key: String, _ value: JSON, _ place: Place
    ) throws(DocumentError) -> [String] {
        var strings: [String] = []
        for item in value.arrayValue ?? [value] {
            guard item.objectValue == nil, item.arrayValue == nil, !item.isNull else {
                throw place.wrongKind(key, "a list of texts or numbers", value)
            }
            strings.append(item.stringValue ?? item.text)
        }
        return strings
    }
}

/// A place in a document, for errors.
struct Place {
    var path: String
    var line: Int

    func key(_ key: String, in yaml: YAMLReader.Result) -> Place {
        Place(path: path, line: yaml.keyLines[key] ?? line)
    }

    func wrongKind(_ key: String, _ expected: String, _ found: JSON) -> DocumentError {
        .wrongKind(path: path, line: line, key: key, expected: expected, found: found.kind)
    }
}
