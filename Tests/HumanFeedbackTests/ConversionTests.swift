import HumanFeedback
import OrderedJSON
import Testing

@Suite struct ConversionTests {
    private func convert(
        _ text: String, to target: ConversionTarget = .trl
    ) throws -> (rows: [String], counts: [String]) {
        let conversion = try Conversion(of: try read(text), to: target)
        return (conversion.rows.map(\.text), words(conversion.counts))
    }

    @Test func anExportBecomesPreferences() throws {
        let file = try FeedbackFile.read(path: labelStudioFixture("09_export_JSON.out"))
        let conversion = try Conversion(of: file, to: .trl)
        #expect(
            conversion.rows.map(\.text) == [
                #"{"prompt":"Name a prime number.","chosen":"7 is prime.","#
                    + #""rejected":"9 is prime.","annotator":"1"}"#,
                #"{"prompt":"Name a prime number.","chosen":"9 is prime.","#
                    + #""rejected":"7 is prime.","annotator":"2"}"#,
                #"{"prompt":"Say hi in Swift.","chosen":"echo hi","#
                    + #""rejected":"print(\"hi\")","annotator":"1"}"#,
            ])
        #expect(
            words(conversion.counts) == [
                "skipped 1", "draft 1", "empty-result 1", "prediction 3", "ground-truth 1",
            ])
    }

    @Test func theNaturalFormIsKept() throws {
        for row in [
            #"{"text":"t"}"#, #"{"prompt":"p"}"#, #"{"prompt":"p","completion":"c"}"#,
            #"{"prompt":"p","chosen":"c","rejected":"r","margin":0.5}"#,
            #"{"prompt":"p","completion":"c","label":false}"#,
        ] {
            #expect(try convert(row).rows == [row])
        }
        let messages =
            #"{"messages":[{"role":"user","content":"p"},{"role":"assistant","content":"c"}]}"#
        #expect(try convert(messages).rows == [#"{"prompt":"p","completion":"c"}"#])
        #expect(
            try convert(#"{"chosen":"Tea? Yes","rejected":"Tea? No"}"#).rows
                == [#"{"prompt":"Tea?","chosen":" Yes","rejected":" No"}"#])
    }

    @Test func uselessPairsAreLeftOutAndCounted() throws {
        let converted = try convert(
            """
            {"prompt":"p","chosen":"a","rejected":"b"}
            {"prompt":"p","chosen":"a","rejected":" a "}
            {"prompt":"p","chosen":"a","rejected":" "}
            """)
        #expect(converted.rows == [#"{"prompt":"p","chosen":"a","rejected":"b"}"#])
        #expect(converted.counts == ["identical-answers 1", "empty-text 1"])
    }

    @Test func rankingsBecomeAllTheirPairs() throws {
        let converted = try convert(#"{"prompt":"p","ranking":[["a"],["b","c"]]}"#)
        #expect(
            converted.rows == [
                #"{"prompt":"p","chosen":"a","rejected":"b"}"#,
                #"{"prompt":"p","chosen":"a","rejected":"c"}"#,
            ])
    }

    @Test func preferredAnswersBecomeDemonstrationsOnce() throws {
        let converted = try convert(
            """
            {"prompt":"p","chosen":"a","rejected":"b"}
            {"prompt":"p","chosen":"a","rejected":"c"}
            """, to: .promptCompletion)
        #expect(converted.rows == [#"{"prompt":"p","completion":"a"}"#])
        #expect(converted.counts == ["duplicate 1", "not-preferred 2"])
        let labelled = try convert(
            """
            {"prompt":"p","completion":"a","label":true}
            {"prompt":"p","completion":"b","label":false}
            """, to: .promptCompletion)
        #expect(labelled.rows == [#"{"prompt":"p","completion":"a"}"#])
        #expect(labelled.counts == ["not-preferred 1"])
        #expect(
            try convert(#"{"text":"t"}"#, to: .promptCompletion).rows
                == [#"{"prompt":"","completion":"t"}"#])
    }

    @Test func pairsBecomeOneGoodAndOneBadRow() throws {
        let converted = try convert(
            #"{"prompt":"p","chosen":"a","rejected":"b"}"#, to: .unpaired)
        #expect(
            converted.rows == [
                #"{"prompt":"p","completion":"a","label":true}"#,
                #"{"prompt":"p","completion":"b","label":false}"#,
            ])
    }

    @Test func twoBadAnswersAreTwoBadRows() throws {
        let verdict = { (word: String) in
            #"{"completed_by":1,"result":[{"from_name":"verdict","type":"choices","#
                + #""value":{"choices":["\#(word)"]}}]}"#
        }
        let task = { (number: Int, word: String) in
            #"{"data":{"prompt":"p\#(number)","answer1":"a","answer2":"b"},"#
                + #""annotations":[\#(verdict(word))]}"#
        }
        let text = "[\(task(1, "both_bad")),\(task(2, "tie")),\(task(3, "right"))]"
        let unpaired = try convert(text, to: .unpaired)
        #expect(
            unpaired.rows == [
                #"{"prompt":"p3","completion":"b","label":true}"#,
                #"{"prompt":"p3","completion":"a","label":false}"#,
                #"{"prompt":"p1","completion":"a","label":false}"#,
                #"{"prompt":"p1","completion":"b","label":false}"#,
            ])
        #expect(unpaired.counts == ["tie 1"])
        #expect(try convert(text, to: .preference).counts == ["tie 1", "both-bad 1"])
    }

    @Test func promptsAreTakenOnce() throws {
        let converted = try convert(
            "{\"prompt\":\"p\"}\n{\"prompt\":\"q\"}\n{\"prompt\":\"p\"}\n{\"prompt\":\" \"}",
            to: .promptOnly)
        #expect(converted.rows == [#"{"prompt":"p"}"#, #"{"prompt":"q"}"#])
        #expect(converted.counts == ["empty-text 1", "duplicate 1"])
    }

    @Test func whatCannotBeIsRefused() {
        for (text, target) in [
            (#"{"prompt":"p","answer1":"a","answer2":"b"}"#, ConversionTarget.trl),
            (#"{"pair_id":1,"annotator":1,"verdict":"left"}"#, .trl),
            (#"{"prompt":"p","completion":"c"}"#, .preference),
            (#"{"prompt":"p"}"#, .promptCompletion), (#"{"text":"t"}"#, .promptOnly),
        ] {
            let error = #expect(throws: FeedbackError.self) { try convert(text, to: target) }
            guard case .wrongShape = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }
}
