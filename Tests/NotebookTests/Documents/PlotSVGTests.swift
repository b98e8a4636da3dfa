import OrderedJSON
import Testing

@testable import Notebook

@Suite struct PlotSVGTests {
    @Test func `the ends of the axes are the ends of the drawing`() throws {
        let plot: JSON = ["series": [["name": "a<b", "points": [[0, 1], [5, 3], [10, nil]]]]]
        let svg = try #require(PlotSVG.svg(of: plot))
        // Left 64, right 640 - 12, top 28, bottom 280 - 36.
        #expect(svg.contains("points=\"64.0,244.0 628.0,28.0\""))
        #expect(svg.contains(">a&lt;b</text>"))
    }

    @Test func `a level line and no line at all`() {
        #expect(
            PlotSVG.svg(of: ["series": [["points": [[1, 0]]]]])?.contains("346.0,136.0") == true)
        #expect(PlotSVG.svg(of: ["series": [["points": [[1, nil]]]]]) == nil)
        #expect(PlotSVG.svg(of: [:]) == nil)
    }
}
