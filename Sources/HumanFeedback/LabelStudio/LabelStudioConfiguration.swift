/// What a Label Studio labelling configuration says about where the texts and the choices are.
///
/// Left and right come from the order of `toName` in `<Pairwise toName="answer1,answer2">`: left is
/// the first object, right the second. A result's own `to_name` says nothing (Label Studio writes
/// the control's name there).
public struct LabelStudioConfiguration: Equatable, Sendable {
    /// A `<Pairwise>` control.
    struct Pairwise: Equatable, Sendable {
        /// Nil takes the results of any pairwise control.
        let name: String?
        /// The keys of the two texts in a task's `data`.
        let leftField: String
        let rightField: String
    }

    let pairwise: [Pairwise]
    /// The name of the `<Choices>` control whose choice decides when there is one.
    let verdictName: String
    /// Aliases of its choices: Label Studio writes the alias in place of the value.
    let verdictAliases: [String: String]
    /// The key of the prompt in a task's `data`.
    let promptField: String

    /// The template "Human Preference collection for RLHF": `prompt`, `answer1` (left), `answer2`.
    public static let standard = LabelStudioConfiguration(
        pairwise: [Pairwise(name: nil, leftField: "answer1", rightField: "answer2")],
        verdictName: "verdict", verdictAliases: [:], promptField: "prompt")

    init(
        pairwise: [Pairwise], verdictName: String, verdictAliases: [String: String],
        promptField: String
    ) {
        self.pairwise = pairwise
        self.verdictName = verdictName
        self.verdictAliases = verdictAliases
        self.promptField = promptField
    }

    /// Reads the configuration of a project from an XML file.
    ///
    /// - Throws: `FeedbackError.missingFile` and its kind, `.emptyFile`, `.notUTF8`,
    ///   `.badConfiguration`.
    public static func read(path: String) throws(FeedbackError) -> LabelStudioConfiguration {
        try LabelStudioConfiguration(parsing: try FileBytes.read(path: path), path: path)
    }

    /// Reads a configuration from its XML; `path` is for messages.
    ///
    /// - Throws: `FeedbackError.emptyFile`, `.notUTF8`, `.badConfiguration`.
    public init(parsing xml: [UInt8], path: String) throws(FeedbackError) {
        if xml.allSatisfy(isWhiteSpace) { throw .emptyFile(path: path) }
        guard let text = String(validating: xml, as: UTF8.self) else {
            let place = Self.firstBadByte(xml)
            throw .notUTF8(path: path, line: place.line, column: place.column)
        }
        do {
            try self.init(tags: try MarkupTags.parse(text))
        } catch {
            throw .badConfiguration(path: path, line: error.line, problem: error.text)
        }
    }

    private static func firstBadByte(_ bytes: [UInt8]) -> (line: Int, column: Int) {
        do {
            _ = try UTF8Span(validating: bytes.span)
            return (1, 1)
        } catch {
            let before = bytes[..<error.byteOffsets.lowerBound]
            let line = before.count { $0 == 0x0A } + 1
            let lastLine = before.reversed().prefix { $0 != 0x0A }
            return (line, lastLine.count { $0 & 0xC0 != 0x80 } + 1)
        }
    }
}

extension LabelStudioConfiguration {
    private static let textTags = ["Text", "HyperText", "Paragraphs", "Chat", "Header", "Markdown"]

    private init(tags: [MarkupTags.Tag]) throws(MarkupTags.Problem) {
        var pairwise: [Pairwise] = []
        var compared: [String] = []
        for tag in tags where tag.name == "Pairwise" {
            let names = (tag["toName"] ?? "").split(separator: ",").map {
                String($0.filter { !$0.isWhitespace })
            }
            guard names.count == 2, names[0] != names[1] else {
                let text = "<Pairwise> needs toName with two names, as in \"answer1,answer2\""
                throw MarkupTags.Problem(line: tag.line, text: text)
            }
            guard let name = tag["name"] else {
                throw MarkupTags.Problem(line: tag.line, text: "<Pairwise> has no name")
            }
            let left = try Self.field(ofObject: names[0], in: tags, line: tag.line)
            let right = try Self.field(ofObject: names[1], in: tags, line: tag.line)
            pairwise.append(Pairwise(name: name, leftField: left, rightField: right))
            compared += names
        }
        if pairwise.isEmpty {
            throw MarkupTags.Problem(line: 1, text: "there is no <Pairwise> tag")
        }
        let prompts = tags.filter { tag in
            Self.textTags.contains(tag.name) && tag["value"]?.hasPrefix("$") == true
                && !compared.contains(tag["name"] ?? "")
        }
        guard let prompt = prompts.first(where: { $0["name"] == "prompt" }) ?? prompts.first else {
            let text = "there is no <Text value=\"$…\"> beside the two answers to be the prompt"
            throw MarkupTags.Problem(line: 1, text: text)
        }
        let verdict = Self.verdict(in: tags)
        self.init(
            pairwise: pairwise, verdictName: verdict.name, verdictAliases: verdict.aliases,
            promptField: String((prompt["value"] ?? "").dropFirst()))
    }

    /// The data key shown by the object tag of a name: `value="$key"`.
    private static func field(
        ofObject name: String, in tags: [MarkupTags.Tag], line: Int
    ) throws(MarkupTags.Problem) -> String {
        guard let object = tags.first(where: { $0["name"] == name && $0.name != "Pairwise" }) else {
            let text = "<Pairwise> compares \"\(name)\", but no tag has that name"
            throw MarkupTags.Problem(line: line, text: text)
        }
        guard let value = object["value"], value.hasPrefix("$"), value.count > 1 else {
            let text = "the tag \"\(name)\" shows no data: expected value=\"$…\""
            throw MarkupTags.Problem(line: object.line, text: text)
        }
        return String(value.dropFirst())
    }

    /// The Choices control named `verdict`, or else the first whose choices are all verdicts and
    /// include left and right.
    private static func verdict(
        in tags: [MarkupTags.Tag]
    ) -> (name: String, aliases: [String: String]) {
        var found: (name: String, aliases: [String: String])?
        for (index, control) in tags.enumerated() where control.name == "Choices" {
            guard let name = control["name"] else { continue }
            let choices = tags.filter { $0.name == "Choice" && $0.parent == index }
            let values = choices.compactMap { $0["value"] }
            let aliases = choices.compactMap { choice in
                choice["alias"].flatMap { alias in choice["value"].map { (alias, $0) } }
            }
            let isVerdict =
                values.allSatisfy { VerdictWord(rawValue: $0) != nil }
                && values.contains("left") && values.contains("right")
            guard name == "verdict" || isVerdict && found == nil else { continue }
            found = (name, Dictionary(aliases, uniquingKeysWith: { first, _ in first }))
            if name == "verdict" { break }
        }
        return found ?? ("verdict", [:])
    }
}
