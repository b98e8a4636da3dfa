import ArgumentParser
import HumanFeedback
import LanguageModels
import OrderedJSON
import TerminalUI

/// Any error as what a command reports: one sentence and the exit code that goes with it.
///
/// A sentence says what is wrong and where, what was expected and what was found, and what to type
/// next. It starts in lower case and has no full stop, so that it can stand after "error: ".
func commandError(for error: any Error) -> CommandError {
    switch error {
    case let error as CommandError: return error
    case let error as FeedbackError: return CommandError(FeedbackSentences.sentence(error))
    case let error as RuleScorerError: return CommandError(FeedbackSentences.sentence(error))
    case let error as RowProblem: return CommandError(FeedbackSentences.sentence(error))
    case let error as LabelStudioError: return LabelStudioSentences.commandError(error)
    case let error as JudgeError: return JudgeSentences.commandError(error)
    case let error as LanguageModelError: return CommandError(ModelSentences.sentence(error))
    case let error as SessionError:
        return CommandError(
            SessionSentences.sentence(error), exitCode: SessionSentences.exitCode(error))
    case let error as PosixError: return CommandError(SessionSentences.sentence(error))
    case let error as JournalProblem:
        return CommandError(
            "the journal is damaged: \(error.words)", exitCode: .damagedOrLocked)
    case let error as MetricRowError: return CommandError("the metrics are damaged: \(error.words)")
    case let error as DocumentError:
        return CommandError(
            DocumentSentences.sentence(error), exitCode: DocumentSentences.exitCode(error))
    case let error as TerminalError: return CommandError(TerminalSentences.sentence(error))
    case let error as JSONError:
        return CommandError("line \(error.line), column \(error.column): \(error.problem)")
    default: return UsageSentences.commandError(for: error)
    }
}

/// Any error in words.
func sentence(for error: any Error) -> String { commandError(for: error).sentence }

extension CommandError {
    /// The error of a call that was to read a file.
    static func reading(_ error: PosixError) -> CommandError {
        commandError(for: SessionError.reading(error))
    }

    /// The error of a call that was to write a file.
    static func writing(_ error: PosixError) -> CommandError {
        commandError(for: SessionError.writing(error))
    }
}

/// Pieces that sentences share.
enum SentenceParts {
    /// `12,345`
    static func number(_ number: Int) -> String { formatted(count: number) }

    /// `3 tokens`, `1 token`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(formatted(count: number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `a, b and c`; more than `limit` names end in `and 4 more`.
    static func list(_ names: [String], _ word: String = "and", limit: Int = 5) -> String {
        var shown = names
        if names.count > limit {
            shown = names.prefix(limit) + ["\(names.count - limit) more"]
        }
        guard let last = shown.last, shown.count > 1 else { return shown.first ?? "nothing" }
        return shown.dropLast().joined(separator: ", ") + " \(word) \(last)"
    }

    /// `[2, 3]` with a multiplication sign, as shapes are read: `2 × 3`.
    static func shape(_ dimensions: [Int]) -> String {
        dimensions.isEmpty
            ? "a single number" : dimensions.map(String.init).joined(separator: " × ")
    }

    /// `pairs.jsonl:12:7`; the path alone where the line is 0, because nobody counts lines there.
    static func place(_ path: String, _ line: Int, _ column: Int? = nil) -> String {
        if line == 0 { return path }
        return column.map { "\(path):\(line):\($0)" } ?? "\(path):\(line)"
    }
}
