import ArgumentParser
import Testing

@testable import Notebook

/// What `:train NAME --help` says, held against what the command does.
struct TrainingHelpTests {
    static let names = TrainCommand.configuration.subcommands.map { command in
        command.configuration.commandName ?? ""
    }

    private static let gold = CommandFixture.fixture("../../Tutorials/01-align-a-model/gold.json")

    /// The page of a recipe, on one line.
    private func page(_ name: String) -> String {
        CommandPath(["train", name]).helpPage(columns: 100)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The slots that a page says are read, some only where they are filled, and written.
    private func slots(_ page: String) throws -> (reads: Set<String>, writes: Set<String>) {
        func names(_ text: Substring) -> Set<String> {
            Set(
                text.split { !$0.isLetter && $0 != "-" }.map(String.init)
                    .filter { SlotGuide.text(for: $0) != nil })
        }
        let words = /In a cell it reads the slots? (.+?) and writes ([^.;]+)[.;]/
        let match = try #require(page.firstMatch(of: words), "no slots on the page: \(page)")
        let further = page.matches(of: /where the slots? ([a-z ]+?) (is|are) filled/)
        return (further.reduce(names(match.1)) { $0.union(names($1.1)) }, names(match.2))
    }

    @Test(arguments: names)
    func aPageNamesItsPaperAndWhereItDiffers(name: String) {
        let page = page(name)
        #expect(page.contains(/[A-Z][a-z]+ (et al\. |and [A-Z][a-z]+ )?(19|20)[0-9]{2}\b/))
        #expect(page.contains("arXiv:"))
        #expect(page.contains("Unlike "))
    }

    @Test(arguments: names)
    func aPageNamesTheSlotsThatTheCommandReadsAndWrites(name: String) throws {
        let fixture = try NotebookFixture()
        func run(_ source: String) {
            let cell = fixture.notebook.execute(LiveSession.Request(source: source))
            #expect(cell.state == .ok, "\(source): \(cell.error ?? "")")
        }
        let data = CommandFixture.fixture("gpt2") + "/"
        run(":load sft \(data)tiny")
        run(":load tokenizer \(data)tiny/tokenizer.json")
        run(":load demos \(data)rows.jsonl")
        run(":load pairs \(data)pairs.jsonl")
        run(":load prompts \(data)prompts.jsonl")
        run(":load reward \(data)reward")
        run(":load heldout \(data)rows.jsonl")
        run(":load gold \(Self.gold)")
        let size =
            switch name {
            case "tokenizer": "--vocab-size 300"
            case "sft", "reward", "dpo", "kto", "orpo": "--steps 1 --batch-size 4"
            default: "--steps 1 --batch-size 8 --max-new-tokens 2"
            }
        run(":train \(name) \(size)")
        let cell = try #require(fixture.notebook.folder.cells.last)
        let said = try slots(page(name))
        // Pairs stand in for thumbs.
        #expect(said.reads.subtracting(["thumbs"]) == Set(cell.reads.slots))
        #expect(said.writes == Set(cell.writes.slots))
    }

    /// What a recipe asks for in the shell, one after the other, is on its page, and it is enough.
    @Test(arguments: names)
    func aPageNamesTheFilesThatTheCommandAsksFor(name: String) throws {
        let fixture = try CommandFixture()
        let page = page(name)
        let data = CommandFixture.fixture("gpt2") + "/"
        let values = [
            "model": data + "tiny", "reward": data + "reward", "prompts": data + "prompts.jsonl",
            "pairs": data + "pairs.jsonl",
            "data": data + (name == "kto" ? "pairs.jsonl" : "rows.jsonl"),
            "out": fixture.folder("out"),
        ]
        var words = ["train", name]
        if name != "tokenizer" { words += ["--steps", "1", "--batch-size", "8"] }
        var asked: [String] = []
        for _ in 0..<values.count + 1 {
            do {
                let command = try #require(try RLHF.parseAsRoot(words) as? any NotebookCommand)
                try command.execute(in: fixture.context)
                break
            } catch let error as CommandError {
                #expect(error.exitCode == .usage)
                let match = try #require(error.sentence.firstMatch(of: /--([a-z]+)/), "\(error)")
                let option = String(match.1)
                words += ["--" + option, try #require(values[option], "\(error)")]
                asked.append(option)
                #expect(page.contains("--\(option) <"), "\(option) is not on the page")
            }
        }
        #expect(asked.count >= 2 && Set(asked).count == asked.count)
        #expect(try Posix.kind(of: fixture.folder("out")) == .folder)
    }
}
