import OrderedJSON

/// Strict access to one object of a file of rules: unknown keys are refused.
struct RuleReader {
    let row: RowReader
    let path: String

    init(_ json: JSON, path: String, keys: [String]) throws(RowProblem) {
        self.row = try RowReader(json, path: path.isEmpty ? "" : path + ".")
        self.path = path
        if let unknown = row.object.keys.first(where: { !keys.contains($0) }) {
            throw RowProblem(
                key: key(unknown), expected: "one of the keys " + keys.joined(separator: ", "),
                found: "an unknown key")
        }
    }

    func key(_ name: String) -> String { path.isEmpty ? name : path + "." + name }

    func array(_ name: String) throws(RowProblem) -> [JSON] {
        guard let value = row[name] else { throw row.missing(name, expected: "an array") }
        guard let elements = value.arrayValue, !elements.isEmpty else {
            throw RowProblem(
                key: key(name), expected: "an array with something in it",
                found: value.arrayValue == nil ? value.kind : "an empty array")
        }
        return elements
    }

    /// Texts that are not empty and have no white space around them.
    func texts(_ name: String) throws(RowProblem) -> [String] {
        var texts: [String] = []
        for (index, element) in try array(name).enumerated() {
            let expected = "a text without white space around it"
            let place = "\(key(name))[\(index)]"
            guard let text = element.stringValue else {
                throw RowProblem(key: place, expected: expected, found: element.kind)
            }
            let bytes = Array(text.utf8)
            if bytes.isEmpty || trimmed(bytes[...]).count != bytes.count {
                throw RowProblem(key: place, expected: expected, found: quoted(text))
            }
            texts.append(text)
        }
        return texts
    }

    func texts(_ name: String, in unique: inout UniqueTexts) throws(RowProblem) -> [String] {
        let texts = try texts(name)
        for (index, text) in texts.enumerated() {
            try unique.insert(text, at: "\(key(name))[\(index)]")
        }
        return texts
    }

    func number(_ name: String) throws(RowProblem) -> Double {
        guard let number = try row.optionalNumber(name) else {
            throw row.missing(name, expected: "a number")
        }
        // Sums of a few thousand such numbers stay finite and exact enough.
        guard abs(number) <= 1_000_000 else {
            throw RowProblem(
                key: key(name), expected: "a number between -1000000 and 1000000",
                found: JSON.number(number).text)
        }
        return number
    }

    func integer(_ name: String, orElse value: Int) throws(RowProblem) -> Int {
        guard let json = row[name] else { return value }
        guard let integer = json.intValue, (0...1_000_000).contains(integer) else {
            throw RowProblem(
                key: key(name), expected: "an integer between 0 and 1000000",
                found: json.intValue == nil ? json.kind : json.text)
        }
        return integer
    }
}

extension RuleReader {
    /// The topics, in the order of the file.
    func topics(
        _ unique: inout UniqueTexts
    ) throws(RowProblem) -> [(keywords: [String], phrases: [String])] {
        guard row["topics"] != nil else { return [] }
        var topics: [(keywords: [String], phrases: [String])] = []
        var names = UniqueTexts(of: "topic name", ignoresCase: false)
        var keywords = UniqueTexts(of: "keyword", ignoresCase: true)
        for (index, json) in try array("topics").enumerated() {
            let reader = try RuleReader(
                json, path: "topics[\(index)]", keys: ["name", "keywords", "phrases"])
            try names.insert(try reader.row.string("name"), at: reader.key("name"))
            topics.append(
                (
                    try reader.texts("keywords", in: &keywords),
                    try reader.texts("phrases", in: &unique)
                ))
        }
        return topics
    }

    /// The rules in the order of the file, and the phrases of each.
    func rules(
        _ unique: inout UniqueTexts, hasTopics: Bool
    ) throws(RowProblem) -> (rules: [Rule], phrases: [[String]]) {
        var readers: [RuleReader] = []
        var names: [String] = []
        var uniqueNames = UniqueTexts(of: "rule name", ignoresCase: false)
        for (index, json) in try array("rules").enumerated() {
            let path = "rules[\(index)]"
            let row = try RowReader(json, path: path + ".")
            let kind = try row.string("kind")
            guard let own = ruleKeys.first(where: { $0.kind == kind })?.keys else {
                throw RowProblem(
                    key: path + ".kind",
                    expected: "one of " + ruleKeys.map(\.kind).joined(separator: ", "),
                    found: quoted(kind))
            }
            let reader = try RuleReader(
                json, path: path, keys: ["name", "kind", "points", "limit"] + own)
            names.append(try row.string("name"))
            try uniqueNames.insert(names[index], at: reader.key("name"))
            readers.append(reader)
        }

        var rules: [Rule] = []
        var phrases: [[String]] = []
        for (index, reader) in readers.enumerated() {
            let kind = try reader.kind(ruleNames: names, readers: readers, hasTopics: hasTopics)
            let hasFurther = reader.row["each_further"] != nil
            let limit = reader.row["limit"] == nil ? .infinity : try reader.number("limit")
            guard limit > 0 else {
                throw RowProblem(
                    key: reader.key("limit"), expected: "a number above 0",
                    found: JSON.number(limit).text)
            }
            rules.append(
                Rule(
                    name: names[index], kind: kind, points: try reader.number("points"),
                    eachFurther: hasFurther ? try reader.number("each_further") : 0,
                    limit: limit))
            phrases.append(
                kind == .phrases ? try reader.texts("phrases", in: &unique) : [])
        }
        return (rules, phrases)
    }

    private func kind(
        ruleNames: [String], readers: [RuleReader], hasTopics: Bool
    ) throws(RowProblem) -> Rule.Kind {
        let kind = try row.string("kind")
        if kind == "own_topic" || kind == "other_topic", !hasTopics {
            throw RowProblem(
                key: "topics", expected: "an array of topics, which \(key("kind")) needs",
                found: "no such key")
        }
        switch kind {
        case "phrases": return .phrases
        case "own_topic": return .ownTopic
        case "other_topic": return .otherTopic
        case "repetition": return .repetition
        case "other_words": return .otherWords
        case "ending": return .ending(try texts("endings").map { Array($0.utf8) })
        case "length":
            let atLeast = try integer("at_least", orElse: 0)
            let atMost = try integer("at_most", orElse: .max)
            guard atLeast <= atMost else {
                throw RowProblem(
                    key: key("at_most"), expected: "at least \(atLeast), as at_least says",
                    found: String(atMost))
            }
            return .length(atLeast: atLeast, atMost: atMost)
        default: return .missing(of: try references(to: ruleNames, readers: readers))
        }
    }

    /// The positions of the rules named in `of`, all of which look for phrases.
    private func references(
        to ruleNames: [String], readers: [RuleReader]
    ) throws(RowProblem) -> [Int] {
        var positions: [Int] = []
        for (index, name) in try texts("of").enumerated() {
            let position = ruleNames.firstIndex { $0.utf8.elementsEqual(name.utf8) }
            let kind = try position.map { position throws(RowProblem) in
                try readers[position].row.string("kind")
            }
            guard let position, let kind, ["phrases", "own_topic", "other_topic"].contains(kind)
            else {
                throw RowProblem(
                    key: "\(key("of"))[\(index)]",
                    expected: "the name of a rule that looks for phrases", found: quoted(name))
            }
            positions.append(position)
        }
        return positions
    }
}

/// The kinds of rules, each with the keys that it has besides those of every rule.
private let ruleKeys: [(kind: String, keys: [String])] = [
    ("phrases", ["phrases", "each_further"]),
    ("own_topic", ["each_further"]),
    ("other_topic", ["each_further"]),
    ("missing", ["of"]),
    ("repetition", []),
    ("other_words", []),
    ("length", ["at_least", "at_most"]),
    ("ending", ["endings"]),
]
