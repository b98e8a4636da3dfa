import OrderedJSON

/// Collects the rows of one file, all of one shape.
struct RowCollector {
    let path: String
    let configuration: LabelStudioConfiguration

    private var shape: FeedbackShape?
    private var firstLine = 1
    /// The shape that earlier parts of the file had, nil for the first.
    var expected: FeedbackShape? {
        didSet { shape = expected }
    }
    private var lines: [Int] = []
    private var tally = ReasonTally()
    private var unread: [ColumnCount] = []

    private var prompts: [Prompt] = []
    private var demonstrations: [Demonstration] = []
    private var pairs: [PreferencePair] = []
    private var labelledCompletions: [LabelledCompletion] = []
    private var ratings: [RatedCompletion] = []
    private var comparisons: [Comparison] = []
    private var joined = JoinedComparisons()
    private var rankings: [Ranking] = []
    private var votes: [Vote] = []
    private var tasks = LabelStudioTasks()
    private var annotations = LabelStudioAnnotations()
    private var judgedVotes: [Vote] = []

    init(path: String, configuration: LabelStudioConfiguration) {
        self.path = path
        self.configuration = configuration
    }

    mutating func add(_ json: JSON, line: Int) throws(FeedbackError) {
        guard let object = json.objectValue else {
            let problem = RowProblem(key: "", expected: "an object", found: json.kind)
            throw .badRow(path: path, line: line, problem: problem)
        }
        let shape = try checkShape(object, line: line)
        countUnread(object, shape)
        do {
            try add(try RowReader(json), json, shape: shape, line: line)
        } catch let problem as RowProblem {
            throw .badRow(path: path, line: line, problem: problem)
        } catch let refusal as Refusal {
            tally.add(refusal.reason)
        } catch {
            preconditionFailure("rows throw RowProblem and Refusal only, not \(error)")
        }
    }

    private mutating func checkShape(
        _ object: JSONObject, line: Int
    ) throws(FeedbackError) -> FeedbackShape {
        guard let found = FeedbackShape(of: object) else {
            throw .unknownShape(path: path, line: line, keys: object.keys)
        }
        guard let shape else {
            shape = found
            firstLine = line
            return found
        }
        if found != shape {
            throw .mixedShapes(
                path: path, line: line, expected: shape, found: found, firstLine: firstLine)
        }
        return shape
    }

    private mutating func countUnread(_ object: JSONObject, _ shape: FeedbackShape) {
        let known = shape.readKeys
        var keys =
            shape.isOfLabelStudio ? [] : object.keys.filter { !known.contains($0) }
        switch shape {
        case .rated: keys += RatedCompletions.unreadKeys(of: object)
        case .openAIComparison: keys += OpenAIComparison.unreadKeys(of: object)
        case .labelStudio: keys += LabelStudioTask.unreadKeys(of: object, configuration)
        default: break
        }
        unread = ColumnCount.sum(unread, keys.map { ColumnCount(name: $0, rows: 1) })
    }

    private mutating func add(
        _ row: RowReader, _ json: JSON, shape: FeedbackShape, line: Int
    ) throws {
        switch shape {
        case .text:
            demonstrations.append(Demonstration(prompt: "", completion: try row.string("text")))
        case .messages:
            let exchange = try Conversation.exchange(try Conversation.column(row, "messages"))
            demonstrations.append(
                Demonstration(prompt: exchange.prompt, completion: exchange.completion))
        case .vote: votes.append(try Vote(json: json))
        case .pairList: comparisons.append(try Comparison(json: json))
        case .ranking: rankings.append(try Ranking(json: json))
        case .promptOnly: prompts.append(try Prompt(json: try row.plain()))
        case .promptCompletion:
            demonstrations.append(
                try Demonstration(json: try row.plain("completion")))
        case .unpaired:
            let plain = try row.plain("completion")
            labelledCompletions.append(try LabelledCompletion(json: plain))
            ratings.append(try RatedCompletion(json: plain))
        case .rating:
            ratings.append(try RatedCompletion(json: try row.plain("completion")))
        case .preference:
            pairs.append(
                try PreferencePair(json: try row.plain("chosen", "rejected")))
        case .implicitPreference: pairs.append(try row.implicitPair())
        case .labelStudio:
            let task = try LabelStudioTask(json, configuration: configuration)
            tasks.add(task, line: line, tally: &tally)
            return  // The tasks keep their own lines.
        case .labelStudioTable:
            let task = try LabelStudioTask(
                LabelStudioRecord.task(of: row.object, configuration), configuration: configuration)
            tally.add(.lossyExport)
            tasks.add(task, line: line, isRecord: true, tally: &tally)
            return
        case .labelStudioAnnotation:
            try annotations.add(row, configuration: configuration)
            return
        case .alpaca:
            demonstrations.append(
                Demonstration(
                    prompt: try row.instruction(&tally), completion: try row.string("output")))
        case .alpacaPreference:
            pairs.append(
                PreferencePair(
                    prompt: try row.instruction(&tally), chosen: try row.string("chosen"),
                    rejected: try row.string("rejected")))
        case .openAIPreference: pairs.append(try OpenAIPreference.pair(row))
        case .openAIComparison: try add(try OpenAIComparison.judged(row), line: line)
        case .battles: try add(try ArenaBattle.judged(row), line: line)
        case .rated:
            let rated = try RatedCompletions.completions(row, &tally)
            let made = RatedCompletion.pairs(of: rated, &tally)
            ratings += rated
            pairs += made
            lines += Array(repeating: line, count: made.count)
            return
        }
        lines.append(line)
    }

    /// A comparison with one vote; the same comparison of another row is joined.
    private mutating func add(
        _ judged: (comparison: Comparison, vote: Vote), line: Int
    ) throws(RowProblem) {
        let (position, isSwapped) = joined.place(
            judged.comparison, line: line, repeated: nil, tally: &tally)
        let vote = isSwapped ? judged.vote.exchanged : judged.vote
        judgedVotes.append(vote.moved(to: joined.comparisons[position].id))
    }

    /// The file, once every row is in.
    ///
    /// - Throws: `FeedbackError.nothingLeft` when all rows were refused.
    ///
    /// - Parameter mayBeEmpty: For a part of a file, whose rows may all be refused.
    func finish(mayBeEmpty: Bool = false) throws(FeedbackError) -> FeedbackFile {
        let data: FeedbackData
        var lines = lines
        var tally = tally
        switch shape {
        case nil: throw .emptyFile(path: path)
        case .text, .messages, .promptCompletion, .alpaca: data = .demonstrations(demonstrations)
        case .promptOnly: data = .prompts(prompts)
        case .preference, .implicitPreference, .alpacaPreference, .openAIPreference, .rated:
            data = .pairs(pairs)
        case .openAIComparison, .battles:
            data = .labelled(comparisons: joined.comparisons, votes: judgedVotes)
            lines = joined.lines
        case .unpaired: data = .labelledCompletions(labelledCompletions)
        case .rating: data = .ratings(ratings)
        case .pairList: data = .comparisons(comparisons)
        case .ranking: data = .rankings(rankings)
        case .vote: data = .votes(votes)
        case .labelStudio, .labelStudioTable:
            data = .labelled(comparisons: tasks.comparisons, votes: tasks.votes)
            lines = tasks.lines
        case .labelStudioAnnotation:
            let votes = annotations.votes(&tally)
            data = .votes(votes)
            lines = votes.map { _ in firstLine }
        }
        if data.count == 0, ratings.isEmpty, !mayBeEmpty {
            throw .nothingLeft(path: path, counts: tally.counts)
        }
        return FeedbackFile(
            path: path, shape: shape ?? .text, data: data,
            lines: lines, counts: tally.counts,
            unreadColumns: unread, ratings: ratings)
    }
}

extension RowReader {
    /// The row with conversational columns turned into texts; the other columns answer the prompt.
    ///
    /// - Throws: `RowProblem`, or `Refusal` when a column says more than one text.
    fileprivate func plain(_ answers: String...) throws -> JSON {
        var plain = object
        let prompt = try Conversation.prompt(try Conversation.column(self, "prompt"))
        plain["prompt"] = .string(prompt.text)
        for key in answers {
            plain[key] = .string(
                try Conversation.answer(try Conversation.column(self, key), to: prompt))
        }
        return .object(plain)
    }

    /// The pair of a row without a prompt column.
    fileprivate func implicitPair() throws -> PreferencePair {
        let chosen = try Conversation.column(self, "chosen")
        let rejected = try Conversation.column(self, "rejected")
        var row = object
        if case .text(let a) = chosen, case .text(let b) = rejected {
            let parts = try ImplicitPrompt.parts(chosen: a, rejected: b)
            row["prompt"] = .string(parts.prompt)
            row["chosen"] = .string(parts.chosen)
            row["rejected"] = .string(parts.rejected)
        } else {
            let a = try Conversation.exchange(chosen)
            let b = try Conversation.exchange(rejected)
            guard a.prompt == b.prompt else { throw Refusal(reason: .differentPrompts) }
            row["prompt"] = .string(a.prompt)
            row["chosen"] = .string(a.completion)
            row["rejected"] = .string(b.completion)
        }
        return try PreferencePair(json: .object(row))
    }
}
