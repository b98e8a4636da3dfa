import LanguageModels

/// What is wrong with the files of a model or a tokenizer.
enum ModelSentences {
    static func sentence(_ error: LanguageModelError) -> String {
        switch error {
        case .file(let path, let problem): return sentence(problem, path)
        case .notJSON(let file, let line, let column, let problem):
            return
                "\(SentenceParts.place(file, line, column)): not JSON: \(problem); copy the file "
                + "again"
        case .setting(let file, let key, let problem): return sentence(problem, file, key)
        case .tokenizer(let file, let problem):
            return
                "\(file): \(sentence(problem)); copy the tokenizer's files again, all from one "
                + "place"
        case .safetensors(let file, let problem):
            return "\(file): \(SafetensorsSentences.sentence(problem)); "
                + SafetensorsSentences.advice(problem)
        case .folder(let path, let problem): return "\(path): \(sentence(problem))"
        case .vocabularyTooSmall(let requested, let smallest):
            return
                "a vocabulary of \(requested) is too small, expected at least \(smallest): the "
                + "bytes and the special tokens; raise --vocab-size"
        }
    }

    private static func sentence(_ problem: FileProblem, _ path: String) -> String {
        switch problem {
        case .missing: "\(path): there is no such file or folder; check the path"
        case .isFolder: "\(path) is a folder, expected a file; remove it or choose another path"
        case .isNotFolder: "\(path) is a file, expected a folder; name the folder it is in"
        case .cannotRead(let reason): "\(path) cannot be read: \(reason); check its permissions"
        case .cannotWrite(let reason):
            "\(path) cannot be written: \(reason); choose another place with --out"
        }
    }

    private static func sentence(
        _ problem: SettingProblem, _ file: String, _ key: String
    ) -> String {
        switch problem {
        case .missing: "\(file): \"\(key)\" is missing; add it or copy the file again"
        case .wrongKind(let expected, let found), .outOfRange(let expected, let found):
            "\(file): \"\(key)\" is to be \(expected), found \(found); mend the file"
        case .unsupported(let found, let supported):
            "\(file): \"\(key)\" is \(found), but only \(supported) can be used here; choose a "
                + "model of the GPT-2 kind"
        }
    }

    private static func sentence(_ problem: TokenizerProblem) -> String {
        switch problem {
        case .repeatedID(let id, let first, let second):
            "the tokens \"\(first)\" and \"\(second)\" have the same id \(id)"
        case .idOutOfRange(let token, let id):
            "the token \"\(token)\" has the id \(id), expected 0 to 2147483647"
        case .contradictoryID(let token, let inVocabulary, let inAddedTokens):
            "the token \"\(token)\" has the id \(inVocabulary) in the vocabulary, but "
                + "\(inAddedTokens) among the added tokens"
        case .malformedMerge(let number, let text):
            "merge \(number) is \"\(text)\", expected two tokens"
        case .mergeOutsideVocabulary(let number, let token):
            "merge \(number) needs the token \"\(token)\", which the vocabulary does not have"
        case .unknownTokenMissing(let token):
            "the unknown token \"\(token)\" is not in the vocabulary"
        }
    }

    private static func sentence(_ problem: ModelFolderProblem) -> String {
        switch problem {
        case .missingFiles(let names):
            "the folder has no \(SentenceParts.list(names, "and no")); name a model folder in the "
                + "Hugging Face layout"
        case .missingTensors(let names):
            "the weights lack \(SentenceParts.list(names, limit: 3)), which config.json asks for; "
                + "copy the weights and config.json again, both from one place"
        case .unexpectedTensors(let names):
            "the weights hold \(SentenceParts.list(names, limit: 3)), for which config.json has no "
                + "place; copy the weights and config.json again, both from one place"
        case .shapeMismatch(let tensor, let expected, let found):
            "\(tensor) is \(SentenceParts.shape(found)), expected "
                + "\(SentenceParts.shape(expected)) by config.json; copy the weights and "
                + "config.json again, both from one place"
        case .untiedHead:
            "lm_head.weight differs from the token embedding, expected a model whose output head "
                + "is tied to it; choose another model"
        case .indexDisagrees(let tensor, let file):
            "\(file) holds \(tensor), but the index places it elsewhere; copy all files of the "
                + "weights again"
        case .tokenizerTooLarge(let tokenizer, let model):
            "the tokenizer has \(tokenizer) tokens, but the model only \(model) embeddings; use "
                + "the tokenizer that the model was made with"
        }
    }
}
