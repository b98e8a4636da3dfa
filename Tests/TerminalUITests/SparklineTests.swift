import Testing

@testable import TerminalUI

struct SparklineTests {
    @Test func valuesBecomeHeights() {
        let line = Sparkline([0, 1, 2, 3, 4, 5, 6, 7]).line(capabilities: unicodeFile())
        #expect(line.plainText == "▁▂▃▄▅▆▇█")
        #expect(Sparkline([0, 7]).line(capabilities: .plain).plainText == "_#")
    }

    @Test func gapsConstantsAndNothing() {
        func text(_ values: [Double]) -> String {
            Sparkline(values).line(capabilities: unicodeFile()).plainText
        }
        #expect(text([1, .nan, 2]) == "▁ █")
        #expect(text([3, 3]) == "▅▅")
        #expect(text([]) == "")
        #expect(text([.nan]) == " ")
        #expect(text([-.greatestFiniteMagnitude, .greatestFiniteMagnitude]) == "▁█")
    }

    @Test func moreValuesThanColumnsAreAveraged() {
        let line = Sparkline([0, 0, 0, 2, 4, 4], columns: 3).line(capabilities: unicodeFile())
        #expect(line.plainText == "▁▃█")
    }
}
