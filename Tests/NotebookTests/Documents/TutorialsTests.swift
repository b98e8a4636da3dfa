import Foundation
import Testing

@testable import Notebook

/// The tutorials of this repository, read without being run.
@Suite struct TutorialsTests {
    private static var paths: [String] {
        let folder = CommandFixture.fixture("../../Tutorials")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".md") }.sorted().map { folder + "/" + $0 }
    }

    @Test func `there are some`() {
        #expect(Self.paths.count >= 2)
    }

    @Test(arguments: paths)
    func `every command is one, with options it has`(path: String) throws {
        let document = try TutorialDocument.read(path: path)
        #expect(document.title != nil && document.minutes != nil)
        let parameters = try Parameters.resolve(document)
        for cell in document.cells {
            let source = try parameters.substituted(cell)
            for line in CellLine.lines(of: source, firstLine: cell.line) where line.isCommand {
                #expect(throws: Never.self, "line \(line.line): \(line.text)") {
                    _ = try CommandLineParser.command(line.text)
                }
            }
        }
    }
}
