import Testing

@testable import HumanFeedback

/// Files of a real Label Studio 1.23.2.
@Suite struct LabelStudioRecordTests {
    @Test(arguments: ["09_export_JSON_MIN.out", "09_export_CSV.out", "09_export_TSV.out"])
    func recordsGiveTheVotesThatTheyStillHave(name: String) throws {
        let file = try FeedbackFile.read(path: labelStudioFixture(name))
        let raw = try FeedbackFile.read(path: labelStudioFixture("09_export_JSON.out"))
        let decided = try raw.votes().filter { $0.verdict.isDecided }
        let key = { (vote: Vote) in "\(vote.comparisonID) \(vote.annotator) \(vote.verdict)" }
        #expect(try file.votes().map(key).sorted() == decided.map(key).sorted())
        #expect(try file.comparisons().map(\.left) == raw.comparisons().map(\.left))
        #expect(words(file.counts).contains { $0.hasPrefix("lossy-export") })
    }

    @Test(arguments: ["08_tasks_list_project.json", "08_task_detail.json"])
    func answersOfTheServerAreTasks(name: String) throws {
        let file = try FeedbackFile.read(path: labelStudioFixture(name))
        #expect(file.shape == .labelStudio)
        #expect(try !file.comparisons().isEmpty)
    }

    @Test func quotesNewlinesAndNumbersInTables() throws {
        let file = try read(
            "annotation_id,annotator,answer1,answer2,comparison,id,lead_time,prompt\r\n"
                + "1,\"7\",\"say \"\"hi\"\"\",\"two\nlines\",\"[{\"\"selected\"\":\"\"left\"\"}]\",1,8,\"q\"\r\n"
        )
        let vote = try #require(try file.votes().first)
        #expect(vote.annotator == "7")
        #expect(vote.seconds == 8)
        #expect(try file.comparisons()[0].left == "say \"hi\"")
        #expect(try file.comparisons()[0].right == "two\nlines")
    }

    @Test func ofAnAnnotatorsRecordsTheNewestCounts() throws {
        let record = { (day: Int, side: String, who: Int) in
            #"{"annotation_id":\#(day),"annotator":\#(who),"id":1,"prompt":"p","answer1":"a","#
                + #""answer2":"b","updated_at":"2026-11-\#(day)T00:00:00Z","#
                + #""comparison":[{"selected":"\#(side)"}]}"#
        }
        // The export begins with the newest.
        let rows = [record(22, "left", 1), record(21, "right", 1), record(20, "right", 2)]
        let file = try read("[" + rows.joined(separator: ",\n") + "]")
        #expect(try file.votes().map { "\($0.annotator) \($0.verdict)" } == ["1 left", "2 right"])
        #expect(words(file.counts) == ["superseded 1", "lossy-export 3"])
    }
}
