import HumanFeedback
import OrderedJSON
import Testing

@testable import Notebook

@Suite struct InspectCommandTests {
    let fixture: CommandFixture

    init() throws { fixture = try CommandFixture() }

    @Test func showsFormRowsAndLengths() throws {
        let path = try fixture.write(
            "pairs.jsonl",
            """
            {"prompt":"Why?","chosen":"Because.","rejected":"No.","source":"x"}
            {"prompt":"Why?","chosen":"So.","rejected":"It is not so."}

            """)
        try fixture.run("inspect", path, "--samples", "1")
        // The path is as long as the folder's name; the rest is the same everywhere.
        let rest = fixture.shown.firstRange(of: "form  ").map { fixture.shown[$0.lowerBound...] }
        #expect(
            rest == """
                form               preference
                rows               2
                different prompts  1
                column    shortest  median  longest
                ────────  ────────  ──────  ───────
                prompt           4       4        4
                chosen           3     5.5        8
                rejected         3       8       13
                columns that are not read: source (1 row)
                row 1
                prompt    Why?
                chosen    Because.
                rejected  No.

                """)
    }

    @Test func countsOfALabelStudioExportAreShown() throws {
        try fixture.run(
            "inspect", CommandFixture.fixture("label-studio/09_export_JSON.out"), "--samples", "0")
        #expect(fixture.shown.contains("form               label-studio"))
        #expect(fixture.shown.contains("annotator"))
    }

    @Test func aMissingFileIsOneSentence() throws {
        #expect(
            try fixture.failure("inspect", "nowhere.jsonl")
                == CommandError("nowhere.jsonl: there is no such file or folder; check the path"))
    }

    @Test func aSlotIsInspectedLikeTheFileItWouldMake() throws {
        let rows = [Demonstration(prompt: "Hi", completion: " there")]
        fixture.context.workspace.put(
            .demonstrations(rows), digest: Digest(of: "d"), in: "demos")
        try fixture.run("inspect", "demos")
        #expect(fixture.shown.contains("the slot \"demos\""))
        #expect(fixture.shown.contains("prompt-completion"))
    }

    @Test func rulesAreNoRows() throws {
        let json: JSON = [
            "format": "rlhf-rules-1", "name": "gold", "ignore_case": true,
            "rules": [
                ["name": "polite", "kind": "phrases", "phrases": ["please"], "points": 1]
            ],
        ]
        let rules = try RuleScorer(json: json)
        fixture.context.workspace.put(
            .rules(rules, source: []), digest: Digest(of: "r"), in: "gold")
        #expect(
            try fixture.failure("inspect", "gold").sentence
                == "the slot \"gold\" holds scoring rules, expected rows of data; :model tells "
                + "about models")
    }
}
