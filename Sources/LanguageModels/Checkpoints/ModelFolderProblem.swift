/// How the files of a model folder are incomplete or contradict each other.
public enum ModelFolderProblem: Equatable, Sendable {
    /// The folder lacks files that are needed.
    case missingFiles([String])
    /// The weights lack tensors that the configuration asks for.
    case missingTensors([String])
    /// The weights hold tensors that the configuration has no place for.
    case unexpectedTensors([String])
    /// A tensor has another shape than the configuration says.
    case shapeMismatch(tensor: String, expected: [Int], found: [Int])
    /// `lm_head.weight` differs from the token embedding; only tied heads can be run.
    case untiedHead
    /// The index places a tensor in one file, and another file holds it too, or only that one.
    case indexDisagrees(tensor: String, file: String)
    /// The tokenizer has ids that the model has no embedding for.
    case tokenizerTooLarge(tokenizer: Int, model: Int)
}
