import HumanFeedback
import Testing

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
}
