import ArgumentParser
import Glibc
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `:label --mode write`: answers that a person writes become demonstrations.
extension LabelCommand {
    func write(in context: CommandContext) throws {
        let prompts = try context.prompts(nil, slots: ["prompts", "comparisons"])
        var demonstrations: [Demonstration] = []
        if context.has("demos") { demonstrations = try context.demonstrations(nil) }
        let written = Set(demonstrations.map(\.promptID))
        let open = Array(prompts.filter { !written.contains($0.id) }.prefix(count))
        let key = context.cell?.nextAnswersKey() ?? "answers"
        let new: [Demonstration]
        if let recorded = context.cell?.details[key]?.arrayValue {
            new = try recorded.map { json throws(RowProblem) in try Demonstration(json: json) }
        } else if let editor = context.notebook?.editor {
            new = try DemonstrationDesk(context: context, editor: editor, draft: context.draft(key))
                .write(open)
        } else {
            throw CommandError("writing answers needs a person at a terminal")
        }
        context.cell?.details[key] = .array(new.map(\.json))
        try context.write(.demonstrations(demonstrations + new), slot: "demos")
        context.console.say(
            new.isEmpty
                ? "nothing written"
                : "\(SentenceParts.count(new.count, "demonstration")) written by \(annotator)")
    }
}

/// Lays prompts before a person, opens the person's editor for each answer, and keeps each at once.
private struct DemonstrationDesk {
    let context: CommandContext
    let editor: any LineEditor
    let draft: LabellingDraft?

    func write(_ prompts: [Prompt]) throws -> [Demonstration] {
        var rows = try draft?.readDemonstrations() ?? []
        let program = ProcessEnvironment.editor
        for prompt in prompts where !rows.contains(where: { $0.promptID == prompt.id }) {
            context.console.remark(Paragraph(prompt.text.trimmingBlanks, .strong))
            guard let answer = try answer(to: prompt, with: program), !answer.isEmpty else { break }
            rows.append(
                Demonstration(prompt: prompt.text, completion: answer, promptID: prompt.id))
            try draft?.keep(rows)
            context.console.remark(StyledLine("  kept", .good))
        }
        return rows
    }

    /// The text that the person leaves in the editor; nil or empty ends the writing.
    private func answer(to prompt: Prompt, with program: String?) throws -> String? {
        guard let program else {
            editor.endRunning()
            defer { editor.beginRunning() }
            context.console.remark(
                Paragraph("Type an answer; an empty one ends. $EDITOR is not set.", .dim))
            guard
                case .line(let text) = editor.readLine(prompt: StyledLine("answer:", .prompt) + " ")
            else { return nil }
            return text.trimmingBlanks
        }
        let path = Files.temporaryPath(beside: draft?.path ?? "answer") + ".txt"
        defer { try? Posix.remove(path) }
        try Files.makeFolders(Files.parent(of: path))
        try Files.replace(path, with: Array(("\n" + Self.cut + "\n\n" + prompt.text + "\n").utf8))
        editor.endRunning()
        // Within single quotes a shell reads nothing but their end.
        let quoted =
            "'"
            + path.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
        let status = unsafe system("\(program) \(quoted)")
        editor.beginRunning()
        guard status == 0 else {
            throw CommandError(
                "the editor \"\(program)\" ended with status \(status >> 8); set EDITOR to another one"
            )
        }
        let text = String(decoding: try Files.read(path), as: UTF8.self)
        let end = text.firstRange(of: Self.cut)?.lowerBound ?? text.endIndex
        return String(text[..<end]).trimmingBlanks
    }

    /// What stands between the answer and the prompt; Markdown may hold any other mark.
    private static let cut = "-------- write above; this line and the prompt are left out --------"
}
