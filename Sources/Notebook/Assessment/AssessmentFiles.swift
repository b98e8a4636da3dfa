import HumanFeedback
import OrderedJSON

/// The rules of an assessment that come from files of their own.
enum AssessmentFiles {
    /// Checks from a file, or the standard ones.
    static func checks(_ path: String?, _ context: CommandContext) throws -> AnswerChecks {
        guard let path else { return .standard }
        return try read(path, context) { json throws(RowProblem) in try AnswerChecks(json: json) }
    }

    /// Swaps from a file, or the standard ones.
    static func swaps(_ path: String?, _ context: CommandContext) throws -> CounterfactualSwaps {
        guard let path else { return .standard }
        return try read(path, context) { json throws(RowProblem) in
            try CounterfactualSwaps(json: json)
        }
    }

    private static func read<Rules>(
        _ path: String, _ context: CommandContext, _ rules: (JSON) throws(RowProblem) -> Rules
    ) throws -> Rules {
        try context.note(file: path)
        let bytes: [UInt8]
        do { bytes = try Files.read(context.resolve(path)) } catch {
            throw CommandError.reading(error)
        }
        let json: JSON
        do { json = try JSON(parsing: bytes) } catch {
            throw CommandError(
                "\(SentenceParts.place(path, error.line, error.column)): \(error.problem)")
        }
        do { return try rules(json) } catch {
            throw RuleScorerError.badRules(path: path, problem: error)
        }
    }
}
