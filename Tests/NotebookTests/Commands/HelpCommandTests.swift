import TerminalUI
import Testing

@testable import Notebook

struct HelpCommandTests {
    /// What `:help` and these words show in a session.
    private func help(_ words: String) throws -> String {
        let fixture = try NotebookFixture()
        fixture.notebook.execute(LiveSession.Request(source: ":help \(words)"))
        return fixture.output(of: 1)
    }

    private func refusal(_ words: String) throws -> String? {
        let fixture = try NotebookFixture()
        return fixture.notebook.execute(LiveSession.Request(source: ":help \(words)")).error
    }

    @Test func theOverviewNamesEveryCommandOfCells() throws {
        let overview = try help("")
        for command in CommandOutline.forCells {
            #expect(overview.contains(":" + command.name), "\(command.name)")
        }
    }

    @Test func theOverviewStandsInTwoColumns() throws {
        // A row that goes on below starts with more spaces.
        let rows = try help("").split(separator: "\n").filter {
            $0.hasPrefix("  ") && !$0.hasPrefix("   ")
        }
        let columns = rows.compactMap { row in
            row.firstRange(of: " :").map { row.distance(from: row.startIndex, to: $0.lowerBound) }
        }
        #expect(columns.count >= 8)
        #expect(Set(columns).count == 1)
    }

    @Test func aCommandIsExplainedAsItIsTypedThere() throws {
        let page = try help("train sft")
        #expect(page.hasPrefix("Supervised fine-tuning on demonstrations.\n"))
        #expect(page.contains("USAGE: :train sft"))
        #expect(page.contains("--learning-rate <RATE>"))
        #expect(try help(":train sft") == page)
        #expect(try help("train").contains("tokenizer"))
    }

    @Test func inANarrowWindowAMeaningStandsBelowItsOption() {
        func lines(_ width: Int) -> [String] {
            HelpPage(path: CommandPath(["train", "ppo"]), isInSession: true)
                .lines(width: width, capabilities: Console.recorded).map(\.plainText)
        }
        let narrow = lines(40)
        let place = narrow.firstIndex(of: "  --shards <N>")
        #expect(
            place.map { narrow[($0 + 1)..<($0 + 4)] } == [
                "      Parts a batch is cut into; results", "      depend on it (default 8).",
                "  --precision <precision>",
            ])
        #expect(narrow.allSatisfy { $0.count <= 40 })
        #expect(narrow.contains("USAGE: :train ppo <options>"))
        #expect(
            lines(80).contains(
                "  --shards <N>            Parts a batch is cut into; results depend on it"))
    }

    @Test func metricsAndSlotsAreExplained() throws {
        #expect(try help("kl").hasPrefix("objective/kl\n"))
        #expect(try help("pairs").contains("preference pairs"))
    }

    @Test func anUnknownTopicGetsASuggestion() throws {
        #expect(
            try refusal("trian")
                == "there is no command, metric or slot \"trian\"; did you mean :help train?")
        #expect(
            try refusal("train stf")
                == "there is no command, metric or slot \"train stf\"; did you mean :help train sft?"
        )
        #expect(
            try refusal("xylophone")
                == "there is no command, metric or slot \"xylophone\"; :help lists the commands")
    }
}
