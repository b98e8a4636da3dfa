import Foundation
import OrderedJSON
import Testing

@testable import HumanFeedback

/// Every file of a real server: the folder is walked, so that a file without an expectation fails.
@Suite struct LabelStudioFilesTests {
    /// Our own files, and what was sent rather than answered.
    private static let others = [
        "README.md", "exchanges.json", "written_export.json", "swapped_export.json",
        "config_full_preference.xml", "config_pairwise_rlhf_template.xml",
        "12_ann_full.request.json", "12_ann_full_tie.request.json",
    ]

    /// Pair, annotator and verdict of the votes, then the counts. The second task was shown with its
    /// sides exchanged and says so: whoever clicked right preferred the pair's left answer.
    private static let expected: [(name: String, votes: [String], counts: [String])] = [
        ("05_ann_task1_user1.json", ["task-1 1 left"], []),
        ("05_ann_task1_user2.json", ["task-1 2 right"], []),
        ("05_ann_task2_skip.json", ["task-2 1 skip"], ["skipped 1"]),
        ("05_ann_task2_gold.json", ["task-2 1 right"], ["ground-truth 1"]),
        ("08_task_annotations.json", ["task-1 1 left", "task-1 2 right"], []),
        (
            // Here, and in snapshots, the annotator is an object with an address.
            "08_task_detail.json", ["p-0001 u@x.io left", "p-0001 bob@x.io right"],
            ["prediction 2"]
        ),
        (
            "08_tasks_list_dm.json",
            ["p-0001 1 left", "p-0001 2 right", "p-0002 1 skip", "p-0002 1 left"],
            ["skipped 1", "draft 1", "empty-result 1", "prediction 3", "ground-truth 1"]
        ),
        (
            "08_tasks_list_project.json",
            ["p-0002 1 skip", "p-0002 1 left", "p-0001 1 left", "p-0001 2 right"],
            ["skipped 1", "empty-result 1", "prediction 3", "ground-truth 1"]
        ),
        (
            "09_export_JSON.out",
            ["p-0001 1 left", "p-0001 2 right", "p-0002 1 skip", "p-0002 1 left"],
            ["skipped 1", "draft 1", "empty-result 1", "prediction 3", "ground-truth 1"]
        ),
        (
            "09_export_JSON_MIN.out", ["p-0001 2 right", "p-0001 1 left", "p-0002 1 left"],
            ["empty-result 1", "lossy-export 4"]
        ),
        (
            "09_export_CSV.out", ["p-0001 2 right", "p-0001 1 left", "p-0002 1 left"],
            ["empty-result 1", "lossy-export 4"]
        ),
        (
            "09_export_TSV.out", ["p-0001 2 right", "p-0001 1 left", "p-0002 1 left"],
            ["empty-result 1", "lossy-export 4"]
        ),
    ]

    /// Answers that hold nothing to train on: the reason is said.
    private static let without: [(name: String, counts: [String])] = [
        ("05_ann_bogus_value.json", ["unknown-value 1"]),
        ("05_ann_task2_empty_tie.json", ["empty-result 1"]),
        ("06_draft.json", ["draft 1"]),
        ("07_prediction_to_answer1.json", ["prediction 1"]),
        ("07_prediction_to_self.json", ["prediction 1"]),
    ]

    /// Answers about projects and requests, which are no feedback.
    private static let administrative = [
        "02_create_project.response.json", "03_import.response.json",
        "07_import_predictions.json", "10_create_full.response.json",
        "11_import_full.response.json", "16_webhook_create.json", "17_ml_create.json",
    ]

    @Test func everyFileHasAnExpectation() throws {
        let folder = URL(filePath: labelStudioFixture("README.md")).deletingLastPathComponent()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let known =
            Self.expected.map(\.name) + Self.without.map(\.name) + Self.administrative
            + Self.others
        #expect(Set(names) == Set(known))
    }

    @Test(arguments: expected.map(\.name)) func theVotesAreThere(name: String) throws {
        let (_, votes, counts) = try #require(Self.expected.first { $0.name == name })
        let file = try FeedbackFile.read(path: labelStudioFixture(name))
        #expect(
            try file.votes().map { "\($0.comparisonID) \($0.annotator) \($0.verdict.rawValue)" }
                == votes)
        #expect(words(file.counts) == counts)
        // The same, where files are read part by part.
        var parts: [Vote] = []
        try FeedbackFile.forEachPart(path: labelStudioFixture(name)) { part throws(FeedbackError) in
            parts += try part.votes()
        }
        #expect(try parts == file.votes())
    }

    @Test(arguments: without.map(\.name)) func nothingIsMadeOfWhatIsNoVote(name: String) throws {
        let (_, counts) = try #require(Self.without.first { $0.name == name })
        let path = labelStudioFixture(name)
        let error = #expect(throws: FeedbackError.self) { _ = try FeedbackFile.read(path: path) }
        guard case .nothingLeft(_, let found) = error else {
            Issue.record("\(name): \(String(describing: error))")
            return
        }
        #expect(words(found) == counts)
    }

    @Test(arguments: administrative) func otherAnswersAreNoFeedback(name: String) throws {
        let json = try answer(name)
        let error = #expect(throws: FeedbackError.self) { _ = try read(json.text) }
        guard case .unknownShape(_, _, let keys) = error else {
            Issue.record("\(name): \(String(describing: error))")
            return
        }
        #expect(keys == json.objectValue?.keys)
    }

    @Test func anAnswerAboutAProjectSaysWhereItsTextsAre() throws {
        let plain = try LabelStudioProject(
            try answer("02_create_project.response.json"), server: "http://studio")
        #expect(plain.id == 1 && plain.title == "swift-rlhf-pairwise")
        #expect(
            plain.configuration.pairwise == [
                .init(name: "comparison", leftField: "answer1", rightField: "answer2")
            ])
        let full = try LabelStudioProject(
            try answer("10_create_full.response.json"), server: "http://studio")
        #expect(full.configuration.pairwise.map(\.name) == ["pref"])
        #expect(full.configuration.verdictAliases == ["A3": "left_much", "A1": "left"])
    }

    /// Some were kept with the status that followed the body.
    private func answer(_ name: String) throws -> JSON {
        let text = try String(contentsOf: URL(filePath: labelStudioFixture(name)), encoding: .utf8)
        let body = text.firstRange(of: " HTTP 2").map { text[..<$0.lowerBound] } ?? text[...]
        return try JSON(parsing: Array(body.utf8))
    }

    /// One annotator's later annotation of a task takes the place of the earlier, whatever the order.
    @Test func ofTwoAnnotationsOfATaskTheNewestCounts() throws {
        func annotation(_ side: String, _ time: String) -> String {
            "{\"id\":1,\"task\":4,\"completed_by\":9,\"was_cancelled\":false,\"updated_at\":\"\(time)\","
                + "\"result\":[{\"from_name\":\"comparison\",\"type\":\"pairwise\","
                + "\"value\":{\"selected\":\"\(side)\"}}]}"
        }
        let (late, early) = (annotation("left", "2026-02"), annotation("right", "2026-01"))
        for text in ["[\(late),\(early)]", "[\(early),\(late)]", "\(early)\n\(late)"] {
            let file = try read(text)
            #expect(try file.votes().map(\.verdict) == [.left])
            #expect(words(file.counts) == ["superseded 1"])
        }
    }
}
