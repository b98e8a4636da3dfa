import OrderedJSON
import TerminalUI
import Testing

@testable import Notebook

struct PlotDataTests {
    private let curves = PlotData(
        title: "loss", x: "step", y: "nats",
        series: [
            Series(
                name: "a, b", points: [PlotPoint(x: 1, y: 0.5), PlotPoint(x: 2, y: .nan)],
                band: [.init(x: 1, low: 0.25, high: 0.75)]),
            Series(name: "c", points: [PlotPoint(x: 3, y: 1)], mark: .points),
        ])

    @Test func curvesKeepMarksBandsAndGaps() {
        #expect(
            curves.json.text
                == #"{"title":"loss","x":"step","y":"nats","series":[{"name":"a, b","#
                + #""points":[[1.0,0.5],[2.0,null]],"band":[[1.0,0.25,0.75]]},"#
                + #"{"name":"c","points":[[3.0,1.0]],"mark":"points"}]}"#)
        let again = PlotData(curves.json)
        #expect(again.json == curves.json)
        #expect(
            again.drawing(canvas: .automatic).text(capabilities: Console.recorded)
                == curves.drawing(canvas: .automatic).text(capabilities: Console.recorded))
    }

    @Test func histogramsKeepTheirValues() {
        let data = PlotData(
            title: "scores", x: "score", groups: [.init(name: "chosen", values: [1, 2.5])])
        #expect(PlotData(data.json).json == data.json)
        #expect(PlotData(data.json).drawing(canvas: .ascii) is Histogram)
        #expect(data.csv == "series,value\nchosen,1.0\nchosen,2.5\n")
    }

    @Test func valuesBecomeRowsOfCSV() {
        #expect(
            curves.csv
                == "series,step,value,low,high\n\"a, b\",1,0.5,0.25,0.75\n\"a, b\",2,nan,,\n"
                + "c,3,1.0,,\n")
    }
}
