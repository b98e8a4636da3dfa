/// Everything that can be wrong with the files of a language model.
///
/// The payloads carry what a sentence needs (which file, what was expected, what was found);
/// the sentences themselves are made by the notebook.
public enum LanguageModelError: Error, Equatable, Sendable {
    /// A file or folder could not be reached.
    case file(path: String, FileProblem)
    /// A file is not strict JSON; `line` and `column` count from 1.
    case notJSON(file: String, line: Int, column: Int, problem: String)
    /// One key of a JSON file is missing, of the wrong kind, or asks for what is not supported.
    /// Keys of nested objects are joined with dots: `model.vocab`.
    case setting(file: String, key: String, SettingProblem)
    /// A tokenizer's tokens and merges do not fit together.
    case tokenizer(file: String, TokenizerProblem)
    /// A weights file breaks the safetensors format, or holds what cannot be used.
    case safetensors(file: String, SafetensorsProblem)
    /// A model folder's files are incomplete or contradict each other.
    case folder(path: String, ModelFolderProblem)
    /// A tokenizer cannot have fewer tokens than its bytes and special tokens.
    case vocabularyTooSmall(requested: Int, smallest: Int)
}

/// Why a file or folder could not be used.
public enum FileProblem: Equatable, Sendable {
    case missing
    case isFolder
    case isNotFolder
    /// Reading failed; `reason` is the system's own words, such as `Permission denied`.
    case cannotRead(reason: String)
    /// Writing failed; `reason` is the system's own words, such as `No space left on device`.
    case cannotWrite(reason: String)
}

/// What is wrong with one key of a JSON file.
public enum SettingProblem: Equatable, Sendable {
    case missing
    /// The value is of another kind than expected, both in words: `an integer`, `a string`.
    case wrongKind(expected: String, found: String)
    /// The value is out of its range; `expected` states the range.
    case outOfRange(expected: String, found: String)
    /// The value is valid in the file format, but models that use it cannot be run here.
    case unsupported(found: String, supported: String)
}

/// How the parts of a tokenizer contradict each other.
public enum TokenizerProblem: Equatable, Sendable {
    /// Two tokens have the same id.
    case repeatedID(id: Int, first: String, second: String)
    /// A token's id is negative or above 2³¹ − 1.
    case idOutOfRange(token: String, id: Int)
    /// An added token has another id in the vocabulary than in the list of added tokens.
    case contradictoryID(token: String, inVocabulary: Int, inAddedTokens: Int)
    /// A merge is not a pair of tokens; `number` is its line (merges.txt) or place, from 1.
    case malformedMerge(number: Int, text: String)
    /// A merge uses or makes a token that the vocabulary does not have.
    case mergeOutsideVocabulary(number: Int, token: String)
    /// The unknown token is not in the vocabulary.
    case unknownTokenMissing(token: String)
}
