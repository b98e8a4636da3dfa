import Testing

@testable import HumanFeedback

@Suite struct LintCollectorTests {
    private func found(_ lint: Lint) -> [String] {
        lint.findings.map { "\($0.reason.rawValue) \($0.count)" }
    }

    @Test func garbledAndUnfinishedTextsAreFound() throws {
        let lint = Lint(
            of: try read(
                """
                {"prompt":"p","chosen":"CafÃ© is open.","rejected":"No."}
                {"prompt":"q","chosen":"It ends here.","rejected":"It stops in the"}
                {"prompt":"r","chosen":"Fine.","rejected":"Café."}
                """))
        #expect(found(lint) == ["garbled-text 1", "unfinished-answer 1"])
        #expect(lint.findings[1].example == "…It stops in the")
    }

    @Test func whereMostAnswersEndWithoutAMarkNoneIsUnfinished() throws {
        let lint = Lint(
            of: try read(#"{"prompt":"p","chosen":"yes","rejected":"no"}"#))
        #expect(lint.findings.isEmpty)
    }

    @Test func cuttingToTheSameTextIsFoundWithTokens() throws {
        var collector = LintCollector(
            cutting: .init(maxLength: 6) { $0.utf8.map(Int.init) })
        collector.add(
            try read(
                """
                {"prompt":"abc","chosen":"same, then this.","rejected":"same, then that."}
                {"prompt":"abc","chosen":"x.","rejected":"y."}
                {"prompt":"much too long","chosen":"x.","rejected":"y."}
                """))
        #expect(found(collector.finish()) == ["prompt-over-context 1", "cut-to-same 1"])
    }

    @Test func oneAnnotatorWithMostVotesIsOutOfBalance() throws {
        let rows = (0..<10).map { index in
            let name = index < 7 ? "busy" : index < 9 ? "b" : "c"
            return #"{"pair_id":"\#(index)","annotator":"\#(name)","verdict":"left"}"#
        }
        let lint = Lint(of: try read(rows.joined(separator: "\n")))
        #expect(found(lint) == ["unbalanced-annotators 7"])
        #expect(lint.findings[0].example == "busy: 7 of 10")
    }

    @Test func partsGiveWhatTheWholeGives() throws {
        let rows = (0..<60).map { index in
            #"{"prompt":"p\#(index % 20)","chosen":"a\#(index % 7).","rejected":"bb\#(index % 3)."}"#
        }
        let whole = Lint(of: try read(rows.joined(separator: "\n")))
        var collector = LintCollector()
        for part in [rows[..<13], rows[13..<14], rows[14...]] {
            collector.add(try read(part.joined(separator: "\n")))
        }
        let parts = collector.finish()
        #expect(parts.findings.map(\.count) == whole.findings.map(\.count))
        #expect(parts.lengthBias == whole.lengthBias)
        #expect(parts.rowCount == 60)
    }
}
