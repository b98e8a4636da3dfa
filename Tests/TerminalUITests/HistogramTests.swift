import Testing

@testable import TerminalUI

struct HistogramTests {
    @Test func groupsShareTheirBins() {
        let histogram = Histogram(
            title: "score",
            groups: [
                .init(name: "chosen", values: [0.5, 1, 1.5, 2]),
                .init(name: "rejected", values: [0, 0.1, 0.2, 0.5, .nan]),
            ], bins: 4)
        #expect(
            plainText(histogram, width: 50) == [
                "score",
                "             chosen              rejected",
                "0.0 to 0.5                   0   ███████████████ 3",
                "0.5 to 1.0   █████           1   █████           1",
                "1.0 to 1.5   █████           1                   0",
                "1.5 to 2.0   ██████████      2                   0",
                "chosen: n = 4, mean 1.25",
                "rejected: n = 4, mean 0.200",
                "rejected: 1 value is not finite",
            ])
    }

    @Test(arguments: [[], [1], [2, 2, 2], [.nan], [1e12, -1e12], [1e-12]] as [[Double]])
    func everyValueIsCountedInLinesOfOneWidth(values: [Double]) {
        for capabilities in [unicodeFile(), .plain] {
            let histogram = Histogram(title: "t", groups: [.init(name: "a", values: values)])
            let lines = histogram.lines(width: 60, capabilities: capabilities)
            let counted = lines.compactMap { line in
                line.plainText.contains(" to ")
                    ? Int(line.plainText.split(separator: " ").last ?? "") : nil
            }
            #expect(counted.reduce(0, +) == values.count { $0.isFinite })
            #expect(lines.allSatisfy { $0.displayWidth <= 60 })
        }
    }
}
