import HumanFeedback
import LanguageModels
import OrderedJSON

/// What a command sees of the world: settings, slots, the console, and the cell it runs in.
final class CommandContext {
    var settings: Settings
    let console: Console
    let workspace: Workspace
    /// The cell that is running, nil in the shell.
    let cell: RunningCell?
    /// The session the cell belongs to, nil in the shell.
    let notebook: LiveSession?
    /// The command as it was typed, without the program's name; empty where nothing was.
    var words: [String]
    /// What a command of the shell has read.
    private var shellInputs = StepInputs()

    init(
        settings: Settings, console: Console, workspace: Workspace, cell: RunningCell? = nil,
        notebook: LiveSession? = nil, words: [String] = []
    ) {
        self.words = words
        self.settings = settings
        self.console = console
        self.workspace = workspace
        self.cell = cell
        self.notebook = notebook
    }

    // MARK: - Reading

    /// A value from a slot or a file.
    ///
    /// - Parameters:
    ///   - source: What an option says: a slot's name or a path; nil reads the first of `slots`.
    ///   - slots: Slots to look at when nothing is said.
    ///   - option: How to say it, for the sentence when nothing is there.
    func artifact(_ source: String?, slots: [String], option: String) throws -> Artifact {
        if let source {
            if let artifact = try read(slot: source) { return artifact }
            return try read(path: source)
        }
        for slot in slots { if let artifact = try read(slot: slot) { return artifact } }
        if cell == nil { throw CommandError.usage("\(option) is needed: name a file or folder") }
        throw CommandError(
            "nothing is in the slot \"\(slots[0])\" yet; :load \(slots[0]) FILE puts a file there, "
                + ":help \(slots[0]) says what belongs there")
    }

    private func read(slot: String) throws -> Artifact? {
        guard has(slot) else { return nil }
        do { return try workspace.artifact(slot) } catch let error as SessionError {
            throw leftOut(slot, error)
        }
    }

    /// Whether a slot is filled. The answer is an input of the step, also when it is no.
    func has(_ slot: String) -> Bool {
        let digest = workspace.digest(of: slot)
        // Names of files are asked for as well.
        if digest != nil || LoadCommand.isSlotName(slot) { cell?.read(slot, digest) }
        return digest != nil
    }

    /// What the command has read so far, slots and files, by their contents.
    var inputs: StepInputs { cell?.inputs ?? shellInputs }

    private func noteInput(_ name: String, _ digest: Digest?) {
        if let cell { cell.read(name, digest) } else { shellInputs.add(name, digest) }
    }

    /// A file that a step reads by itself: an input, and kept for replays.
    func note(file path: String) throws {
        cell?.read("file:" + path, try ArtifactReader.digest(ofPath: resolve(path)))
        if let store = notebook?.folder.artifacts { try keepFile(resolve(path), in: store) }
    }

    /// A recorded session may lack what is large.
    private func leftOut(_ slot: String, _ error: SessionError) -> any Error {
        guard case .missingArtifact(_, let digest) = error else { return error }
        let writer = notebook?.folder.cells.last { $0.writes[slot] == digest }
        return CommandError(
            "what stood in \"\(slot)\" (\(digest.short)) is not kept in this session; "
                + (writer.map { ":rerun \($0.number) makes it again" } ?? "fill the slot again"))
    }

    /// A value from a file or a model folder.
    ///
    /// - Parameter configuration: The path of a Label Studio labelling configuration.
    func read(path: String, configuration: String? = nil) throws -> Artifact {
        let labelling = try configuration.map {
            try note(file: $0)
            return try LabelStudioConfiguration.read(path: resolve($0))
        }
        let resolved = resolve(path)
        if let fallback = notebook?.fallback, let digest = fallback.reads["file:" + path],
            ((try? Posix.kind(of: resolved)) ?? nil) == nil, fallback.store.contains(digest)
        {
            cell?.read("file:" + path, digest)
            return try ArtifactReader.read(digest, from: fallback.store)
        }
        let (artifact, digest) = try ArtifactReader.read(
            path: resolved, configuration: labelling, base: settings.base.map(resolve))
        noteInput("file:" + path, digest)
        // What an adapter stands over is an input too.
        if case .model(let loaded) = artifact, let base = loaded.model.adapter?.base {
            noteInput("file:" + base, try ArtifactReader.digest(ofPath: base))
        }
        if let store = notebook?.folder.artifacts { try keepFile(resolved, in: store) }
        return artifact
    }

    /// Data files go into the session, so that it can be replayed where they are not.
    private func keepFile(_ path: String, in store: ArtifactStore) throws {
        guard (try? Posix.kind(of: path)) == .file else { return }
        try store.put(file: path)
    }

    /// A path as given in a cell: first beside the tutorial, then from the working folder.
    func resolve(_ path: String) -> String {
        notebook?.resolve(path) ?? path
    }

    func demonstrations(_ source: String?, slots: [String] = ["demos"], option: String = "--data")
        throws -> [Demonstration]
    {
        switch try artifact(source, slots: slots, option: option) {
        case .demonstrations(let rows): return rows
        case let other: throw wrongKind(source ?? slots[0], other, expected: "demonstrations")
        }
    }

    /// Prompts, from a prompt file or any other rows that have prompts.
    func prompts(_ source: String?, slots: [String] = ["prompts"], option: String = "--prompts")
        throws -> [Prompt]
    {
        func distinct(_ texts: [String]) -> [Prompt] {
            var seen: Set<String> = []
            return texts.filter { seen.insert($0).inserted }.map { Prompt(text: $0) }
        }
        switch try artifact(source, slots: slots, option: option) {
        case .prompts(let rows): return rows
        case .demonstrations(let rows): return distinct(rows.map(\.prompt))
        case .pairs(let rows): return distinct(rows.map(\.prompt))
        case .comparisons(let rows): return distinct(rows.map(\.prompt))
        case .labelledCompletions(let rows): return distinct(rows.map(\.prompt))
        case .ratings(let rows): return distinct(rows.map(\.prompt))
        case let other: throw wrongKind(source ?? slots[0], other, expected: "prompts")
        }
    }

    func pairs(_ source: String?, slots: [String] = ["pairs"]) throws -> [PreferencePair] {
        switch try artifact(source, slots: slots, option: "--pairs") {
        case .pairs(let rows): return rows
        case .ratings(let rows): return RatedCompletion.pairs(of: rows)
        case let other: throw wrongKind(source ?? slots[0], other, expected: "preference pairs")
        }
    }

    /// Single answers with a verdict; pairs are taken apart, the chosen answers first.
    func labelledCompletions(
        _ source: String?, slots: [String] = ["thumbs", "pairs"]
    ) throws -> [LabelledCompletion] {
        switch try artifact(source, slots: slots, option: "--data") {
        case .labelledCompletions(let rows): return rows
        case .pairs(let rows):
            return [true, false].flatMap { isGood in
                rows.map {
                    LabelledCompletion(
                        prompt: $0.prompt, completion: isGood ? $0.chosen : $0.rejected,
                        isGood: isGood, promptID: $0.promptID)
                }
            }
        case let other:
            throw wrongKind(source ?? slots[0], other, expected: "single answers with a verdict")
        }
    }

    /// Pairs to compare; pairs that are judged already are asked anew, without a trace of the verdict.
    func comparisons(_ source: String?) throws -> [Comparison] {
        switch try artifact(source, slots: ["comparisons"], option: "--comparisons") {
        case .comparisons(let rows): return rows
        case .pairs(let rows): return Comparison.asked(again: rows)
        case let other:
            throw wrongKind(source ?? "comparisons", other, expected: "pairs to compare")
        }
    }

    /// The votes so far; none is not an error.
    func votes(_ source: String?) throws -> [Vote] {
        if source == nil && !has("votes") { return [] }
        switch try artifact(source, slots: ["votes"], option: "--votes") {
        case .votes(let rows): return rows
        case let other: throw wrongKind(source ?? "votes", other, expected: "votes")
        }
    }

    func model(_ source: String?, slots: [String], option: String = "--model") throws -> LoadedModel
    {
        switch try artifact(source, slots: slots, option: option) {
        case .model(let loaded): return loaded
        case let other: throw wrongKind(source ?? slots[0], other, expected: "a model")
        }
    }

    func rewardModel(_ source: String?) throws -> LoadedModel {
        let loaded = try model(source, slots: ["reward"], option: "--reward")
        guard loaded.model.heads.contains(.score) else {
            throw CommandError(
                "\(source ?? "reward") is a language model without a score head, expected a reward "
                    + "model; train one with `train reward`")
        }
        return loaded
    }

    /// Two models of a run must cut text into the same tokens.
    func requireSameTokens(_ policy: LoadedModel, _ other: LoadedModel, as name: String) throws {
        let probe = "Is this the same?"
        guard policy.tokenizer.vocabularySize == other.tokenizer.vocabularySize,
            policy.tokenizer.encode(probe) == other.tokenizer.encode(probe)
        else {
            throw CommandError(
                "the policy and \(name) have different tokenizers; train both from the same "
                    + "baseline")
        }
    }

    func tokenizer(_ source: String?) throws -> Tokenizer {
        switch try artifact(source, slots: ["tokenizer"], option: "--tokenizer") {
        case .tokenizer(let tokenizer): return tokenizer
        case .model(let loaded): return loaded.tokenizer
        case let other: throw wrongKind(source ?? "tokenizer", other, expected: "a tokenizer")
        }
    }

    func rules(_ source: String?) throws -> RuleScorer {
        switch try artifact(source, slots: ["gold"], option: "--scorer") {
        case .rules(let rules, _): return rules
        case let other: throw wrongKind(source ?? "gold", other, expected: "scoring rules")
        }
    }

    /// The gold scorer when the session has one.
    func goldIfLoaded() throws -> RuleScorer? { has("gold") ? try rules(nil) : nil }

    private func wrongKind(_ name: String, _ found: Artifact, expected: String) -> CommandError {
        CommandError("\(name) holds \(found.kind), expected \(expected)")
    }

    // MARK: - Writing

    /// Figures of a result: a JSON line for scripts, and what a tutorial's expectations look at.
    func report(_ facts: JSONObject) {
        var all = cell?.details["facts"]?.objectValue ?? JSONObject()
        for (key, value) in facts { all[key] = value }
        cell?.details["facts"] = .object(all)
        console.emit(.object(facts))
    }

    /// Puts a result into a slot (in a cell) and into a file or folder (where `out` names one).
    func write(_ artifact: Artifact, slot: String, out: String? = nil) throws {
        if let out { try ArtifactWriter.write(artifact, to: out) }
        guard let cell, let notebook else { return }
        let digest = try notebook.store(artifact)
        cell.write(slot, digest)
        workspace.put(artifact, digest: digest, in: slot)
    }
}

/// The part of a cell that fills while it runs.
final class RunningCell {
    let id: String
    /// What it found in slots that cells above had filled, and in files: the first reading counts.
    private(set) var reads: SlotDigests = [:]
    /// Slots that it found empty.
    private(set) var absent: [String] = []
    private(set) var writes: SlotDigests = [:]
    /// What the command that runs now has read and written.
    private(set) var inputs = StepInputs()
    private(set) var stepWrites: SlotDigests = [:]
    /// The commands that are done.
    var steps: [StepRecord] = []
    var metrics: [Digest] = []
    /// Whatever commands keep about the run: answers given by a person, resolved options.
    var details = JSONObject()
    /// What an interrupted run of this cell left behind, nil when it starts afresh.
    var checkpoint: JSONObject?
    /// Training runs so far: each has its own metrics file.
    var runCount = 0
    /// Whether it goes on with an interrupted run of itself.
    let resumes: Bool
    private var answerCount = 0

    /// Where in `details` the next command keeps what came from outside, a person's answers or a
    /// server's; what is there already is what it got when the cell was recorded.
    func nextAnswersKey() -> String {
        answerCount += 1
        return answerCount == 1 ? "answers" : "answers-\(answerCount)"
    }

    init(
        id: String, details: JSONObject = JSONObject(), checkpoint: JSONObject? = nil,
        resumes: Bool = false
    ) {
        self.id = id
        self.resumes = resumes
        self.details = details
        self.checkpoint = checkpoint
    }

    /// The next command starts.
    func beginStep() {
        inputs = StepInputs()
        stepWrites = [:]
    }

    /// A command has looked at a slot, a file (`file:`) or a metric series (`run:`).
    func read(_ name: String, _ digest: Digest?) {
        if stepWrites[name] == nil { inputs.add(name, digest) }
        // What the cell itself wrote is no dependence on the cells above.
        guard writes[name] == nil, reads[name] == nil, !absent.contains(name) else { return }
        reads[name] = digest
        if digest == nil { absent.append(name) }
    }

    func write(_ slot: String, _ digest: Digest) {
        writes[slot] = digest
        stepWrites[slot] = digest
    }
}
