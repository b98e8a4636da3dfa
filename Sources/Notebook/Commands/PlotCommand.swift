import Alignment
import ArgumentParser
import TerminalUI

/// `:plot`: curves of training runs, and how scores are spread.
struct PlotCommand: PagedCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Plot metrics of training runs, or scores of completions.",
        discussion: """
            A name may be short: reward, loss, kl. Without --runs the latest run that has it is shown. \
            Every metric gets a picture with a curve for each run; metrics of one unit share a picture. \
            "scores" are those of single completions, which train reward and evaluate keep: as a \
            histogram, or with --against length as a cloud of points.

              :plot reward kl --runs 3,7     two runs, by the numbers of their cells
              :plot reward --runs 3,7,9 --band minmax
              :plot reward --against kl
              :plot scores --against length
            """)
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Metrics, such as loss, reward or objective/kl; or scores.")
    var metrics: [String]

    @Option(
        name: [.customLong("runs"), .customLong("run")],
        help: ArgumentHelp(
            "Runs, by the numbers of their cells or by name, with commas.", valueName: "RUNS"))
    var runs: String?

    @Option(help: ArgumentHelp("A metric for the x axis; length for scores.", valueName: "METRIC"))
    var against: String?

    @Option(
        help: "The mean of the runs, with a shade over all (minmax) or the middle half (quartiles)."
    )
    var band: BandChoice?

    @Flag(help: "How often each value occurs, in place of curves.")
    var histogram = false

    @Option(help: "braille, block or ascii; what the terminal shows where nothing is said.")
    var canvas: CanvasChoice?

    @Flag(help: "The numbers as CSV in place of a picture.")
    var csv = false

    @Option(help: ArgumentHelp("Write the numbers as CSV into a file.", valueName: "FILE"))
    var out: String?

    enum CanvasChoice: String, ExpressibleByArgument, CaseIterable { case braille, block, ascii }

    enum BandChoice: String, ExpressibleByArgument, CaseIterable { case minmax, quartiles }

    func validate() throws {
        if against != nil && (histogram || band != nil) {
            throw ValidationError("--against stands without --histogram and --band")
        }
        if histogram && band != nil { throw ValidationError("--histogram stands without --band") }
    }

    func execute(in context: CommandContext) throws {
        let finder = PlotFinder(context, runs: runs)
        var plots: [FoundPlot] = []
        for name in metrics where name == "scores" {
            plots.append(try finder.scores(against: against))
        }
        let names = metrics.filter { $0 != "scores" }
        if let against, !names.isEmpty {
            plots += try names.map { try finder.path(of: $0, against: against) }
        } else if let band = band.flatMap({ SeedBand.Kind(rawValue: $0.rawValue) }) {
            plots += try names.map { try finder.band(of: $0, kind: band) }
        } else {
            plots += try finder.curves(of: names)
        }
        if histogram { plots = plots.map(\.asHistogram) }
        if let out {
            try Files.replace(
                context.resolve(out), with: Array(plots.map(\.data.csv).joined().utf8))
        }
        for plot in plots {
            if csv {
                context.console.show(Verbatim(text: plot.data.csv))
            } else {
                context.console.show(
                    plot.data.drawing(canvas: kind, heading: plot.heading),
                    data: plot.data.output)
            }
        }
        if let out { context.console.say("written to \(out)", .good) }
    }

    private var kind: LinePlot.CanvasKind {
        switch canvas {
        case .braille: .braille
        case .block: .block
        case .ascii: .ascii
        case nil: .automatic
        }
    }
}

/// Text that is meant for programs: no line is wrapped.
struct Verbatim: Renderable {
    let text: String

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        text.split(separator: "\n").map { StyledLine(String($0)) }
    }
}
