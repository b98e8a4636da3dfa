import OrderedJSON
import Testing

@testable import Notebook

@Suite struct PlotSVGTests {
    private func plot(_ points: JSON...) -> JSON {
        [
            "title": "loss", "x": "step", "y": "nats",
            "series": .array(points.map { ["name": "a<b", "points": $0] }),
        ]
    }

    @Test func `lines run from the first to the last value`() throws {
        let svg = try #require(PlotSVG.image(of: plot([[0, 1], [5, 3], [10, 2]])))
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 300\""))
        // Left 60, right 720 - 56, top 18 + 14, bottom 300 - 36.
        #expect(svg.contains("d=\"M60 264L362 32L664 148\""))
        #expect(svg.contains("a&lt;b: first 1.00, last 2.00, least 1.00, greatest 3.00, n = 3"))
        #expect(svg.contains(">loss, nats</text>"))
        #expect(!svg.contains("a<b"))
    }

    @Test func `a value that is not a number is a gap`() throws {
        let svg = try #require(
            PlotSVG.image(of: plot([[0, 1], [1, 3], [2, nil], [3, 1], [4, 3]])))
        #expect(svg.contains("d=\"M60 264L211 32M513 264L664 32\""))
    }

    @Test(arguments: PlotSVG.Size.allCases)
    func `spikes survive thinning`(size: PlotSVG.Size) throws {
        var points = (0..<100_000).map { JSON.array([.integer($0), .number(0.5)]) }
        points[77_777] = [77_777, 9]
        points[1234] = [1234, -9]
        points[50_000] = [50_000, nil]
        let drawing = try #require(PlotSVG(plot(.array(points)), size: size))
        let thin = drawing.thinned(drawing.lines[0].points)
        #expect(thin.count < 3 * Int(size.width))
        #expect(thin.contains(PlotSVG.Point(x: 77_777, y: 9)))
        #expect(thin.contains(PlotSVG.Point(x: 1234, y: -9)))
        #expect(thin.contains { $0.y == nil })
        #expect(zip(thin, thin.dropFirst()).allSatisfy { $0.x <= $1.x })
    }

    @Test func `several lines have names and last values that do not cover each other`() throws {
        let svg = try #require(
            PlotSVG.image(of: plot([[0, 1], [1, 2]], [[0, 1], [1, 2.001]])))
        #expect(svg.ranges(of: ">a&lt;b</text>").count == 2)
        let ends = svg.split(separator: "\n").filter { $0.contains("class=\"end") }
        #expect(ends.count == 2)
        #expect(Set(ends.map { $0.split(separator: "y=\"")[1].prefix { $0 != "\"" } }).count == 2)
    }

    static let extremes: [[[Double]]] = [
        [[1, 0]], [[1, 5], [2, 5]], [[0, 1e-300], [1, 2e-300]], [[0, -1e308], [1, 1e308]],
        [[0, 1e12], [1, 1e12 + 1]],
    ]

    @Test(arguments: extremes)
    func `level lines and extreme values have a place`(points: [[Double]]) throws {
        let json = JSON.array(points.map { .array($0.map { .number($0) }) })
        let svg = try #require(PlotSVG.image(of: plot(json)))
        #expect(!svg.contains("nan") && !svg.contains("inf"))
    }

    @Test func `a cloud has dots and a line has its band`() throws {
        let cloud: JSON = [
            "series": [["name": "c", "mark": "points", "points": [[5, 1], [0, 3]]]]
        ]
        let svg = try #require(PlotSVG.image(of: cloud))
        #expect(svg.contains("d=\"M664 264h0M60 32h0\""))
        let band: JSON = [
            "series": [
                ["name": "b", "points": [[0, 1], [1, 1]], "band": [[0, 0, 2], [1, 0, 2]]]
            ]
        ]
        let shaded = try #require(PlotSVG.image(of: band))
        #expect(shaded.contains("d=\"M60 32L664 32L664 264L60 264Z\""))
    }

    @Test func `a histogram has bars that share their borders`() throws {
        let plot: JSON = [
            "title": "scores", "x": "score", "mark": "histogram",
            "series": [
                ["name": "a", "values": [0, 0.5, 10]], ["name": "b", "values": [5, nil]],
            ],
        ]
        let svg = try #require(PlotSVG.image(of: plot))
        // Ten bins from 0 to 10 between 60 and 664; counts from 0 to 2 between 264 and 52.
        #expect(svg.contains("d=\"M60 264V52H120.4V264H180.8"))
        #expect(svg.contains("H603.6V158H664V264Z\""))
        #expect(svg.contains("a: mean 3.50, n = 3"))
        #expect(svg.contains("b: mean 5.00, n = 1"))
        #expect(svg.contains(">scores, count</text>"))
        #expect(PlotSVG(plot)?.lines.map(\.missing) == [0, 1])
    }

    @Test func `many names have rows, and colours that come again are told apart`() throws {
        let series = (1...9).map { number -> JSON in
            [
                "name": .string("a long name of a run \(number)"),
                "points": [[0, .integer(number)], [1, .integer(number)]],
            ]
        }
        let svg = try #require(PlotSVG.image(of: ["series": .array(series)]))
        let names = svg.split(separator: "\n").filter { $0.contains(">a long name of a run") }
            .filter { $0.hasPrefix("<text") }
        #expect(names.count == 9)
        for name in names {
            let x = try #require(Double(name.split(separator: "x=\"")[1].prefix { $0 != "\"" }))
            #expect(x + 6.6 * 22 < 720)
        }
        #expect(svg.split(separator: "\n").count { $0.contains("class=\"curve") } == 9)
        #expect(
            svg.split(separator: "\n").count {
                $0.contains("class=\"curve") && $0.contains("stroke-dasharray")
            } == 3)
    }

    @Test func `no value, no drawing`() {
        #expect(PlotSVG.image(of: plot([[1, nil]])) == nil)
        #expect(PlotSVG.image(of: [:]) == nil)
    }
}
