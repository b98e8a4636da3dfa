import Foundation
import HumanFeedback
import OrderedJSON
import Testing

@Suite struct LabelStudioTaskTests {
    private func summary(_ votes: [Vote]) -> [String] {
        votes.map { vote in
            let strength = vote.strength.map { " \($0)" } ?? ""
            let gold = vote.isGroundTruth ? " gold" : ""
            return "\(vote.comparisonID) \(vote.annotator) \(vote.verdict)\(strength)\(gold)"
        }
    }

    @Test func aRealExportHasTheRightCounts() throws {
        let file = try FeedbackFile.read(path: labelStudioFixture("09_export_JSON.out"))
        #expect(file.shape == .labelStudio)
        #expect(
            try file.comparisons() == [
                Comparison(
                    prompt: "Name a prime number.", left: "7 is prime.", right: "9 is prime.",
                    id: "p-0001"),
                Comparison(
                    prompt: "Say hi in Swift.", left: "echo hi", right: "print(\"hi\")",
                    id: "p-0002"),
            ])
        let votes = try file.votes()
        #expect(
            summary(votes) == [
                "p-0001 1 left", "p-0001 2 right", "p-0002 1 skip", "p-0002 1 left gold",
            ])
        #expect(votes.map(\.seconds) == [12.51, 3.1, 8, 20.4])
        #expect(votes.allSatisfy { !$0.isSimulated })
        #expect(
            votes.map(\.shownOrder) == [.leftFirst, .leftFirst, .rightFirst, .rightFirst])
        #expect(
            words(file.counts) == [
                "skipped 1", "draft 1", "empty-result 1", "prediction 3", "ground-truth 1",
            ])
        #expect(
            try file.preferencePairs().pairs.map(\.chosen) == [
                "7 is prime.", "9 is prime.", "echo hi",
            ])
    }

    @Test func everyOtherCaseHasTheRightCounts() throws {
        let file = try FeedbackFile.read(path: labelStudioFixture("written_export.json"))
        let comparisons = try file.comparisons()
        #expect(comparisons.count == 4)
        #expect(comparisons[2].left == "123", "a number in the data is read as its text")
        let votes = try file.votes()
        let verdicts = votes.map { vote in
            let prompt = comparisons.first { $0.id == vote.comparisonID }?.prompt ?? "?"
            return "\(prompt) \(vote.annotator) \(vote.verdict)"
        }
        #expect(
            verdicts == [
                "Name a colour. 1 left", "Name a colour. 2 right", "Say hello. 1 skip",
                "Count to three. 1 left", "Count to three. c@example.org right",
            ])
        #expect(votes.map(\.seconds) == [4.5, nil, 2, nil, nil])
        #expect(
            words(file.counts) == [
                "skipped 1", "draft 1", "empty-result 1", "no-preference-result 1",
                "unknown-value 1", "superseded 1", "other-control 2", "prediction 2",
                "unlabelled 1", "ground-truth 1",
            ])
        let pairs = try file.preferencePairs()
        #expect(pairs.pairs.count == 4)
        #expect(words(pairs.counts) == ["skipped 1"])
    }

    /// Every annotation is a vote or is counted for a reason.
    @Test(arguments: ["09_export_JSON.out", "written_export.json"])
    func nothingIsLost(name: String) throws {
        let path = labelStudioFixture(name)
        let file = try FeedbackFile.read(path: path)
        let json = try JSON(parsing: Array(try Data(contentsOf: URL(filePath: path))))
        let annotations = try #require(json.arrayValue).reduce(0) {
            $0 + ($1["annotations"]?.arrayValue?.count ?? 0)
        }
        let withoutVote: Set<Reason> = [
            .emptyResult, .noPreferenceResult, .unknownValue, .superseded,
        ]
        let counted = file.counts.filter { withoutVote.contains($0.reason) }
        #expect(try file.votes().count + counted.reduce(0) { $0 + $1.count } == annotations)
    }

    /// The annotations as sent to the server, in a task of our own.
    private func export(_ names: [String], extra: [String] = []) throws -> FeedbackFile {
        var annotations = extra
        for name in names {
            let data = try Data(contentsOf: URL(filePath: labelStudioFixture(name)))
            annotations.append(String(decoding: data, as: UTF8.self))
        }
        let task =
            #"[{"id":1,"data":{"prompt":"Explain ARC.","answer1":"A","answer2":"B","#
            + #""pair_id":"t"},"annotations":["# + annotations.joined(separator: ",") + "]}]"
        let configuration = try LabelStudioConfiguration.read(
            path: labelStudioFixture("config_full_preference.xml"))
        return try read(task, configuration: configuration)
    }

    @Test func anExplicitVerdictWins() throws {
        let file = try export(["12_ann_full.request.json", "12_ann_full_tie.request.json"])
        #expect(summary(try file.votes()) == ["t unknown left 3.0", "t 2 tie"])
        #expect(try file.votes().map(\.seconds) == [31.7, 4.2])
        // Rating, two thumbs, flags, rationale and ranking; then one ranking.
        #expect(words(file.counts) == ["other-control 7"])
        let pairs = try file.preferencePairs()
        #expect(pairs.pairs.map(\.margin) == [3])
        #expect(words(pairs.counts) == ["tie 1"])
    }

    private func verdict(_ choice: String, click: String?, annotator: Int) -> String {
        let clicked = click.map {
            #",{"from_name":"pref","type":"pairwise","value":{"selected":"\#($0)"}}"#
        }
        return #"{"completed_by":\#(annotator),"result":[{"from_name":"verdict","type":"choices","#
            + #""value":{"choices":["\#(choice)"]}}\#(clicked ?? "")]}"#
    }

    @Test func verdictsAreReadByValueAndAlias() throws {
        let choices = ["A3", "A1", "left_much", "left", "tie", "right", "right_much", "both_bad"]
        let file = try export(
            [],
            extra: choices.enumerated().map { verdict($1, click: nil, annotator: $0) })
        #expect(
            summary(try file.votes()) == [
                "t 0 left 3.0", "t 1 left 1.0", "t 2 left 3.0", "t 3 left 1.0", "t 4 tie",
                "t 5 right 1.0", "t 6 right 3.0", "t 7 bothBad",
            ])
        #expect(file.counts == [])
    }

    @Test func anUnknownVerdictIsNoPreferenceWhateverWasClicked() throws {
        let file = try export([], extra: [verdict("better", click: "left", annotator: 1)])
        #expect(try file.votes() == [])
        #expect(words(file.counts) == ["unknown-value 1"])
    }

    @Test func aVerdictAgainstTheClickIsCounted() throws {
        let file = try export(
            [],
            extra: [
                verdict("right", click: "left", annotator: 1),
                verdict("left", click: "left", annotator: 2),
            ])
        #expect(summary(try file.votes()) == ["t 1 right 1.0", "t 2 left 1.0"])
        #expect(words(file.counts) == ["verdict-disagrees 1"])
    }

    @Test func resultsOfAnotherPairwiseControlAreNotTaken() throws {
        let other =
            #"{"completed_by":1,"result":[{"from_name":"style","type":"pairwise","#
            + #""value":{"selected":"left"}}]}"#
        let file = try export([], extra: [other])
        #expect(try file.votes() == [])
        #expect(words(file.counts) == ["no-preference-result 1", "other-control 1"])
    }

    @Test func damagedTasksAreErrorsWithTheirPath() {
        func problem(_ text: String) -> RowProblem? {
            do {
                _ = try read(text)
                return nil
            } catch .badRow(_, _, let problem) {
                return problem
            } catch {
                return nil
            }
        }
        #expect(
            problem(#"[{"data":{"prompt":"p","a":"x","b":"y"},"annotations":[]}]"#)
                == RowProblem(
                    key: "data.answer1", expected: "a string",
                    found: "no such key (the keys are prompt, a, b)"))
        let data = #""data":{"prompt":"p","answer1":"x","answer2":"y"}"#
        #expect(
            problem("[{\(data),\"annotations\":{}}]")
                == RowProblem(key: "annotations", expected: "an array", found: "an object"))
        #expect(
            problem("[{\(data),\"annotations\":[{\"id\":1}]}]")
                == RowProblem(
                    key: "annotations[0].result", expected: "an array",
                    found: "no such key (the keys are id)"))
        #expect(
            problem("[{\(data),\"annotations\":[4]}]")
                == RowProblem(key: "annotations[0].", expected: "an object", found: "an integer"))
    }
}
