import LanguageModels
import Testing

@testable import Notebook

@Suite struct SentencesModelsTests {
    static let cases: [(LanguageModelError, String)] = [
        (
            .file(path: "gpt2", .missing),
            "gpt2: there is no such file or folder; check the path"
        ),
        (
            .file(path: "out/config.json", .isFolder),
            "out/config.json is a folder, expected a file; remove it or choose another path"
        ),
        (
            .file(path: "a.txt", .isNotFolder),
            "a.txt is a file, expected a folder; name the folder it is in"
        ),
        (
            .file(path: "m", .cannotRead(reason: "Permission denied")),
            "m cannot be read: Permission denied; check its permissions"
        ),
        (
            .file(path: "m", .cannotWrite(reason: "Read-only file system")),
            "m cannot be written: Read-only file system; choose another place with --out"
        ),
        (
            .notJSON(
                file: "m/config.json", line: 4, column: 2,
                problem: "the key \"n_embd\" stands twice"),
            "m/config.json:4:2: not JSON: the key \"n_embd\" stands twice; copy the file again"
        ),
        (
            .setting(file: "m/config.json", key: "n_embd", .missing),
            "m/config.json: \"n_embd\" is missing; add it or copy the file again"
        ),
        (
            .setting(
                file: "m/config.json", key: "n_embd",
                .wrongKind(expected: "an integer", found: "a string")),
            "m/config.json: \"n_embd\" is to be an integer, found a string; mend the file"
        ),
        (
            .setting(
                file: "m/config.json", key: "n_head",
                .outOfRange(expected: "a divisor of n_embd, 128", found: "5")),
            "m/config.json: \"n_head\" is to be a divisor of n_embd, 128, found 5; mend the file"
        ),
        (
            .setting(
                file: "m/config.json", key: "model_type",
                .unsupported(found: "llama", supported: "gpt2")),
            "m/config.json: \"model_type\" is llama, but only gpt2 can be used here; choose a "
                + "model of the GPT-2 kind"
        ),
        (
            .tokenizer(file: "t.json", .repeatedID(id: 7, first: "a", second: "b")),
            "t.json: the tokens \"a\" and \"b\" have the same id 7; copy the tokenizer's files "
                + "again, all from one place"
        ),
        (
            .tokenizer(file: "t.json", .idOutOfRange(token: "a", id: -1)),
            "t.json: the token \"a\" has the id -1, expected 0 to 2147483647; copy the tokenizer's "
                + "files again, all from one place"
        ),
        (
            .tokenizer(
                file: "t.json", .contradictoryID(token: "a", inVocabulary: 1, inAddedTokens: 2)),
            "t.json: the token \"a\" has the id 1 in the vocabulary, but 2 among the added "
                + "tokens; copy the tokenizer's files again, all from one place"
        ),
        (
            .tokenizer(file: "merges.txt", .malformedMerge(number: 12, text: "abc")),
            "merges.txt: merge 12 is \"abc\", expected two tokens; copy the tokenizer's files "
                + "again, all from one place"
        ),
        (
            .tokenizer(file: "merges.txt", .mergeOutsideVocabulary(number: 3, token: "he")),
            "merges.txt: merge 3 needs the token \"he\", which the vocabulary does not have; copy "
                + "the tokenizer's files again, all from one place"
        ),
        (
            .tokenizer(file: "t.json", .unknownTokenMissing(token: "<unk>")),
            "t.json: the unknown token \"<unk>\" is not in the vocabulary; copy the tokenizer's "
                + "files again, all from one place"
        ),
        (
            .folder(path: "m", .missingFiles(["config.json", "model.safetensors"])),
            "m: the folder has no config.json and no model.safetensors; name a model folder in the "
                + "Hugging Face layout"
        ),
        (
            .folder(path: "m", .missingTensors(["a", "b", "c", "d", "e"])),
            "m: the weights lack a, b, c and 2 more, which config.json asks for; copy the weights "
                + "and config.json again, both from one place"
        ),
        (
            .folder(path: "m", .unexpectedTensors(["x"])),
            "m: the weights hold x, for which config.json has no place; copy the weights and "
                + "config.json again, both from one place"
        ),
        (
            .folder(path: "m", .shapeMismatch(tensor: "w", expected: [8, 24], found: [8, 16])),
            "m: w is 8 × 16, expected 8 × 24 by config.json; copy the weights and config.json "
                + "again, both from one place"
        ),
        (
            .folder(path: "m", .untiedHead),
            "m: lm_head.weight differs from the token embedding, expected a model whose output "
                + "head is tied to it; choose another model"
        ),
        (
            .folder(path: "m", .indexDisagrees(tensor: "w", file: "model-2.safetensors")),
            "m: model-2.safetensors holds w, but the index places it elsewhere; copy all files of "
                + "the weights again"
        ),
        (
            .folder(path: "m", .tokenizerTooLarge(tokenizer: 300, model: 256)),
            "m: the tokenizer has 300 tokens, but the model only 256 embeddings; use the "
                + "tokenizer that the model was made with"
        ),
        (
            .vocabularyTooSmall(requested: 100, smallest: 257),
            "a vocabulary of 100 is too small, expected at least 257: the bytes and the special "
                + "tokens; raise --vocab-size"
        ),
    ]

    @Test(arguments: cases) func everyErrorOfAModelHasItsSentence(
        error: LanguageModelError, text: String
    ) {
        #expect(commandError(for: error) == CommandError(text))
    }
}
