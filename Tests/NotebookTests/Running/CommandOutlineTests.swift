import ArgumentParser
import OrderedJSON
import Testing

@testable import Notebook

@Suite struct CommandOutlineTests {
    /// The parser's own description of all commands at once.
    private let whole = try? JSON(parsing: RLHF._dumpHelp())

    @Test func commandsStandAsTheParserDescribesThem() throws {
        let root = try #require(whole?["command"])
        try expect(CommandOutline.root, is: root)
    }

    private func expect(_ outline: CommandOutline, is described: JSON) throws {
        #expect(outline.name == described["commandName"]?.stringValue)
        #expect(outline.abstract == described["abstract"]?.stringValue ?? "")
        #expect(outline.aliases == (described["aliases"]?.arrayValue ?? []).map(\.stringValue))
        // The parser adds its own help to every group.
        let children = (described["subcommands"]?.arrayValue ?? []).filter {
            $0["commandName"]?.stringValue != "help"
        }
        #expect(outline.children.map(\.name) == children.map { $0["commandName"]?.stringValue })
        for (child, description) in zip(outline.children, children) {
            try expect(child, is: description)
        }
        guard outline.children.isEmpty else { return }
        let arguments = (described["arguments"]?.arrayValue ?? []).filter {
            $0["shouldDisplay"]?.boolValue != false
        }
        let (positionals, options) = (
            arguments.filter { $0["kind"]?.stringValue == "positional" },
            arguments.filter { $0["kind"]?.stringValue != "positional" }
        )
        let names = options.compactMap { $0["preferredName"]?["name"]?.stringValue }
        let found = outline.arguments()
        #expect(found.options.map(\.name) == names.map { "--" + $0 }, "\(outline.name)")
        #expect(
            found.options.map(\.abstract)
                == options.map { $0["abstract"]?.stringValue ?? "" }, "\(outline.name)")
        #expect(found.positionals.map(\.name) == positionals.map { $0["valueName"]?.stringValue })
    }

    @Test func cellsHaveNoCommandsOfTheShell() {
        let names = CommandOutline.forCells.map(\.name)
        #expect(names.contains("train") && names.contains("sample"))
        #expect(!names.contains("open") && !names.contains("help"))
    }
}
