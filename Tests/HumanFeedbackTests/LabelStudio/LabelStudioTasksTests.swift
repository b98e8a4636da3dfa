import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct LabelStudioTasksTests {
    private func configuration(_ controls: String) throws -> LabelStudioConfiguration {
        try LabelStudioConfiguration(
            parsing: Array(
                """
                <View>\(controls)<Text name="q" value="$question"/>
                <Text name="a" value="$first"/><Text name="b" value="$second"/></View>
                """.utf8), path: "config.xml")
    }

    @Test func aPairShownBothWaysIsOneComparison() throws {
        let file = try FeedbackFile.read(
            path: labelStudioFixture("swapped_export.json"),
            configuration: try configuration(#"<Pairwise name="better" toName="a,b"/>"#))
        let comparisons = try file.comparisons()
        #expect(
            comparisons.map { "\($0.prompt) \($0.left) \($0.promptID)" } == [
                "Tea? Yes. 7", "Milk? Yes. 8",
            ])
        #expect(comparisons[0].id == "p-1")
        #expect(comparisons[1].id != "p-1")
        let votes = try file.votes()
        #expect(votes.map(\.verdict) == [.left, .right, .right])
        #expect(votes.map(\.shownOrder) == [.leftFirst, .rightFirst, .leftFirst])
        #expect(votes.map(\.comparisonID) == ["p-1", "p-1", comparisons[1].id])
        #expect(words(file.counts) == ["duplicate-task 1", "reused-pair-id 1"])
        // The second annotator clicked the side that showed "No.".
        #expect(try file.preferencePairs().pairs.map(\.chosen) == ["Yes.", "No.", "No."])
        #expect(file.lines == [2, 6])
    }

    @Test func toNameDecidesWhichIsLeft() throws {
        let file = try FeedbackFile.read(
            path: labelStudioFixture("swapped_export.json"),
            configuration: try configuration(#"<Pairwise name="better" toName="b,a"/>"#))
        #expect(try file.comparisons()[0].left == "No.")
        #expect(try file.preferencePairs().pairs[0].chosen == "No.")
    }

    @Test func withoutTheConfigurationTheTextsAreMissed() {
        #expect(throws: FeedbackError.self) {
            try FeedbackFile.read(path: labelStudioFixture("swapped_export.json"))
        }
    }

    @Test func severalControlsAreSeveralCriteria() throws {
        let result = { (name: String, side: String) in
            #"{"from_name":"\#(name)","type":"pairwise","value":{"selected":"\#(side)"}}"#
        }
        let task =
            #"[{"data":{"question":"Q","first":"A","second":"B"},"annotations":["#
            + #"{"completed_by":1,"result":[\#(result("help", "left")),"#
            + #"\#(result("harm", "right"))]},"#
            + #"{"completed_by":2,"was_cancelled":true,"result":[]}]}]"#
        let file = try read(
            task,
            configuration: try configuration(
                #"<Pairwise name="help" toName="a,b"/><Pairwise name="harm" toName="a,b"/>"#))
        let votes = try file.votes()
        #expect(try file.comparisons().count == 1)
        #expect(votes.map(\.criterion) == ["help", "harm", nil])
        #expect(votes.map(\.verdict) == [.left, .right, .skip])
        #expect(words(file.counts) == ["skipped 1"])
        let comparisons = try file.comparisons()
        let harm = PreferencePairs(comparisons: comparisons, votes: votes, criterion: "harm")
        #expect(harm.pairs.map(\.chosen) == ["B"])
    }

    /// As our own push writes them: whatever side a pair was shown on, its export tells of the pair.
    @Test(arguments: 0..<6) func anExportOfPushedTasksTellsOfThePairsAsTheyWere(seed: Int) throws {
        let pairs = (0..<20).map {
            Comparison(
                prompt: "p\($0)", left: "good \($0)", right: "bad \($0)", id: "k\($0)")
        }
        let tasks = LabelStudioTasksToWrite(pairs, seed: UInt64(seed)).tasks.map { task -> JSON in
            var object = task.objectValue ?? JSONObject()
            let isLeft = task["data"]?["answer1"]?.stringValue?.hasPrefix("good") == true
            object["annotations"] = [
                [
                    "completed_by": 1,
                    "result": [
                        [
                            "from_name": "comparison", "type": "pairwise",
                            "value": ["selected": .string(isLeft ? "left" : "right")],
                        ]
                    ],
                ]
            ]
            return .object(object)
        }
        let file = try read(FeedbackWriter.jsonArray(tasks))
        #expect(try file.comparisons() == pairs)
        #expect(try file.votes().allSatisfy { $0.verdict == .left })
        #expect(Set(try file.votes().map(\.shownOrder)).count == 2)
        // Also where the pairs are named beside it, and in the other order.
        #expect(try file.votes(on: pairs) == file.votes())
        let others = pairs.map {
            Comparison(prompt: $0.prompt, left: $0.right, right: $0.left, id: $0.id)
        }
        #expect(try file.votes(on: others).allSatisfy { $0.verdict == .right })
    }
}
