/// Why Label Studio could not be used; each case carries what a sentence needs.
public indirect enum LabelStudioError: Error, Equatable, Sendable {
    /// No answer: gone, wrong address, time over, not trusted.
    case noAnswer(server: String, HTTPProblem)
    /// There is an answer, but not of Label Studio.
    case notLabelStudio(server: String, status: Int)
    /// No key was given.
    case noKey
    /// What was given has blanks, line breaks or letters that no key has.
    case malformedKey
    /// The server knows no such key.
    case wrongKey(server: String)
    /// The key is a legacy token, and the organization has switched these off.
    case legacyKeysAreOff(server: String)
    /// A personal access token that is no longer valid.
    case expiredKey(server: String)
    /// The key may not do this.
    case notAllowed(server: String, what: String)
    case noProject(server: String, project: String)
    /// The project's labelling configuration cannot hold comparisons.
    case unsuitableConfiguration(project: String, line: Int, problem: String)
    /// The configuration shows data that pairs do not have.
    case unknownFields(project: String, fields: [String])
    /// A title that the server would refuse.
    case badTitle(String)
    /// The server refused what was sent, in its own words.
    case refused(server: String, what: String, status: Int, words: String)
    /// An import stopped after some tasks; a repetition goes on with the rest.
    case halfDone(done: Int, of: Int, cause: LabelStudioError)
    /// The server stored fewer predictions than were sent.
    case lostPredictions(sent: Int, stored: Int)
    /// The answer is no JSON of the expected form.
    case strangeAnswer(server: String, what: String, problem: String)
}
