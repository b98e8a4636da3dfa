import HumanFeedback
import OrderedJSON
import Testing

@Suite struct FeedbackRowTests {
    @Test func idsComeFromTheText() {
        // FNV-1a of "foobar".
        #expect(Prompt(text: "foobar").id == "p-85944171f73967e8")
        #expect(Demonstration(prompt: "foobar", completion: "x").promptID == "p-85944171f73967e8")
        #expect(Prompt(text: "foobar ").id != Prompt(text: "foobar").id)
        #expect(Prompt(text: "foobar", id: "q-1").id == "q-1")
        let pair = Comparison(prompt: "p", left: "a", right: "b")
        #expect(pair.id == Comparison(prompt: "p", left: "a", right: "b").id)
        #expect(pair.id != Comparison(prompt: "p", left: "b", right: "a").id)
    }

    @Test func judgedPairsAreAskedAgainWithoutATraceOfTheVerdict() {
        let pairs = [
            PreferencePair(prompt: "p", chosen: "a", rejected: "b", promptID: "q"),
            PreferencePair(prompt: "p", chosen: "b", rejected: "a", promptID: "q"),
            PreferencePair(prompt: "p", chosen: "d", rejected: "c"),
        ]
        let asked = Comparison.asked(again: pairs)
        #expect(asked.map(\.left) == ["a", "c"])
        #expect(asked.map(\.right) == ["b", "d"])
        #expect(asked[0].promptID == "q")
        #expect(Set(asked.map(\.id)).count == 2)
        // A vote on the same texts in this order does not count as an answer.
        #expect(asked[0].id != Comparison(prompt: "p", left: "a", right: "b").id)
    }

    @Test func keysAreThoseOfTRL() {
        let rows: [JSON] = [
            Prompt(text: "p").json, Demonstration(prompt: "p", completion: "c").json,
            PreferencePair(prompt: "p", chosen: "c", rejected: "r").json,
            PreferencePair(
                prompt: "p", chosen: "c", rejected: "r", margin: 2, weight: 0.5, promptID: "q",
                annotator: "ann", isSimulated: true
            ).json,
            LabelledCompletion(prompt: "p", completion: "c", isGood: false).json,
            Comparison(prompt: "p", left: "a", right: "b").json,
            Comparison(prompt: "p", left: "a", right: "b", id: "i", promptID: "q").json,
            Ranking(prompt: "p", tiers: [["a"], ["b", "c"]]).json,
            Vote(comparisonID: "i", annotator: "ann", verdict: .bothBad).json,
        ]
        #expect(
            rows.map(\.text) == [
                #"{"prompt":"p"}"#, #"{"prompt":"p","completion":"c"}"#,
                #"{"prompt":"p","chosen":"c","rejected":"r"}"#,
                #"{"prompt":"p","chosen":"c","rejected":"r","margin":2.0,"weight":0.5,"#
                    + #""prompt_id":"q","annotator":"ann","simulated":true}"#,
                #"{"prompt":"p","completion":"c","label":false}"#,
                #"{"prompt":"p","answer1":"a","answer2":"b"}"#,
                #"{"prompt":"p","answer1":"a","answer2":"b","pair_id":"i","prompt_id":"q"}"#,
                #"{"prompt":"p","ranking":[["a"],["b","c"]]}"#,
                #"{"pair_id":"i","annotator":"ann","verdict":"both_bad","#
                    + #""shown_order":"left_first"}"#,
            ])
    }

    @Test(arguments: 0..<40) func everyRowReadsBackTheSame(seed: Int) throws {
        var random = RandomTexts(seed: seed)
        func roundTrip<Row: FeedbackRow>(_ row: Row) throws {
            let text = row.json.text
            let back = try Row(json: try JSON(parsing: text))
            #expect(back == row)
            #expect(back.json.text == text, "the same bytes")
        }
        let id = random.optional("id \(seed)")
        try roundTrip(Prompt(text: random.text(), id: id))
        try roundTrip(
            Demonstration(prompt: random.text(), completion: random.text(), promptID: id))
        try roundTrip(
            PreferencePair(
                prompt: random.text(), chosen: random.text(), rejected: random.text(),
                margin: random.optional(Double(seed) / 3), weight: Double(random.number(below: 3)),
                promptID: id, annotator: random.optional(random.text()),
                isSimulated: random.number(below: 2) == 0))
        try roundTrip(
            LabelledCompletion(
                prompt: random.text(), completion: random.text(),
                isGood: random.number(below: 2) == 0, promptID: id))
        try roundTrip(
            Comparison(
                prompt: random.text(), left: random.text(), right: random.text(),
                id: random.optional("pair"), promptID: id))
        try roundTrip(
            Ranking(
                prompt: random.text(),
                tiers: (0..<random.number(below: 4)).map { _ in
                    (0..<(1 + random.number(below: 3))).map { _ in random.text() }
                }, promptID: id, annotator: random.optional("ann")))
        try roundTrip(
            Vote(
                comparisonID: random.text(), annotator: random.text(),
                verdict: Verdict.allCases[random.number(below: 5)],
                strength: random.optional(1.5), seconds: random.optional(Double(seed) / 7),
                shownOrder: ShownOrder.allCases[random.number(below: 2)],
                criterion: random.optional("harm"), isSimulated: random.number(below: 2) == 0,
                isGroundTruth: random.number(below: 2) == 0))
    }

    @Test func nullsAndIntegerIDsAreRead() throws {
        let row = try JSON(
            parsing: #"{"prompt":"p","chosen":"c","rejected":"r","margin":null,"prompt_id":12}"#)
        let pair = try PreferencePair(json: row)
        #expect(pair.margin == nil)
        #expect(pair.promptID == "12")
        let comparison = try Comparison(
            json: ["prompt": "p", "answer1": "a", "answer2": "b", "id": 4])
        #expect(comparison.id == "4")
    }

    @Test func problemsNameKeyExpectedAndFound() throws {
        func problem<Row: FeedbackRow>(_ type: Row.Type, _ text: String) throws -> RowProblem {
            let json = try JSON(parsing: text)
            return try #require(throws: RowProblem.self) { try Row(json: json) }
        }
        #expect(
            try problem(Demonstration.self, #"{"prompt":"p","answer":"a"}"#)
                == RowProblem(
                    key: "completion", expected: "a string",
                    found: "no such key (the keys are prompt, answer)"))
        #expect(
            try problem(Prompt.self, "{}")
                == RowProblem(
                    key: "prompt", expected: "a string", found: "an object without keys"))
        #expect(
            try problem(Prompt.self, #"{"prompt":3}"#)
                == RowProblem(key: "prompt", expected: "a string", found: "an integer"))
        #expect(
            try problem(Prompt.self, #"{"prompt":"p","prompt_id":[]}"#)
                == RowProblem(
                    key: "prompt_id", expected: "a string or an integer", found: "an array"))
        #expect(
            try problem(LabelledCompletion.self, #"{"prompt":"p","completion":"c","label":1}"#)
                == RowProblem(key: "label", expected: "true or false", found: "an integer"))
        #expect(
            try problem(
                PreferencePair.self, #"{"prompt":"p","chosen":"c","rejected":"r","margin":"2"}"#)
                == RowProblem(key: "margin", expected: "a number", found: "a string"))
        #expect(
            try problem(Vote.self, #"{"pair_id":"i","annotator":"a","verdict":"draw"}"#)
                == RowProblem(
                    key: "verdict",
                    expected: #"one of "left", "right", "tie", "both_bad", "skip""#,
                    found: #""draw""#))
        #expect(
            try problem(Vote.self, #"{"annotator":"a","verdict":"tie"}"#).key == "pair_id")
        #expect(
            try problem(Ranking.self, #"{"prompt":"p","ranking":["a",2]}"#)
                == RowProblem(
                    key: "ranking", expected: "a list of texts, or of lists of texts, best first",
                    found: "an integer"))
        #expect(
            try problem(Prompt.self, "[1]")
                == RowProblem(key: "", expected: "an object", found: "an array"))
    }
}
