import Alignment
import ArgumentParser
import Autograd
import LanguageModels
import OrderedJSON
import TerminalUI

/// `bench`: how fast training, generation and PPO are here, beside what the machine can do.
struct BenchCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure the speed of the engine on this machine.",
        discussion: """
            The rate of matrix products at the model's shapes is measured in the same run, before \
            and after each job. Operations of a training step are counted as 6·P a token (P \
            parameters), without attention. Jobs: training-step, tutorial-step, reward-step, \
            generate-1, generate-16, generate-64, ppo-separate, ppo-shared; generate and ppo \
            stand for all of theirs. Weights and tokens are random, but for --model DIR.
            """)
    static var place: CommandPlace { .everywhere }

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "Jobs, separated by commas (default: all that suit the model).", valueName: "LIST"))
    var what: String?

    @Option(
        help: ArgumentHelp(
            "tiny (1 M parameters), gpt2 (124 M), or a model folder.", valueName: "MODEL"))
    var model = "tiny"

    @Option(
        help: ArgumentHelp(
            "Time for each job, at least; three runs are always made.", valueName: "SECONDS"))
    var seconds = 2.0

    func validate() throws {
        if !(seconds >= 0 && seconds.isFinite) { throw ValidationError("--seconds is at least 0") }
        if let what { _ = try BenchJobName.list(what) }
    }

    func execute(in context: CommandContext) throws {
        let subject = try subject(context)
        let shards =
            subject.parameterCount > 50_000_000 && global.shards == nil
            ? min(context.settings.shards, context.settings.threads) : context.settings.shards
        let plan = ParallelPlan(shards: shards, threads: context.settings.threads)
        let names = try what.map { try BenchJobName.list($0) } ?? subject.usualJobs
        try requireMemory(subject, plan, names)
        let bench = Bench(
            plan: plan, seed: context.settings.seed, seconds: seconds,
            readRate: Bench.readRate(threads: plan.threads))
        var figures: [BenchFigures] = []
        for name in names {
            remark("measuring \(name.rawValue) …", context)
            figures.append(bench.measure(name, on: subject))
            if Interrupts.isRaised {
                throw CommandError.interrupted("the measurements were stopped")
            }
        }
        let view = BenchView(subject: subject, bench: bench, figures: figures)
        view.show(context.console)
        context.console.emit(view.json)
    }

    private func remark(_ text: String, _ context: CommandContext) {
        if context.settings.isQuiet || !context.console.errorCapabilities.isTerminal { return }
        context.console.complain(text, .dim)
    }

    private func subject(_ context: CommandContext) throws -> BenchSubject {
        if let sizes = BenchSizes(rawValue: model) { return BenchSubject(sizes) }
        let loaded = try context.model(model, slots: [])
        return BenchSubject(name: model, weights: loaded.model)
    }

    /// Refuses what would not fit, before it is tried.
    private func requireMemory(
        _ subject: BenchSubject, _ plan: ParallelPlan, _ names: [BenchJobName]
    ) throws {
        guard names.contains(where: \.trains) else { return }
        // Parameters and two moments once, gradients once a shard.
        let needed = 4 * subject.parameterCount * (3 + plan.shards)
        let available = Machine.found(threads: plan.threads).availableBytes
        if available > 0 && needed > available {
            throw CommandError(
                "training \(subject.name) in \(plan.shards) shards needs "
                    + "\(formatted(bytes: needed)), but \(formatted(bytes: available)) of memory "
                    + "are free; lower --shards, or choose --what generate")
        }
    }
}

/// What can be measured.
enum BenchJobName: String, CaseIterable {
    case trainingStep = "training-step"
    case tutorialStep = "tutorial-step"
    case rewardStep = "reward-step"
    case generate1 = "generate-1"
    case generate16 = "generate-16"
    case generate64 = "generate-64"
    case ppoSeparate = "ppo-separate"
    case ppoShared = "ppo-shared"

    var trains: Bool { !rawValue.hasPrefix("generate") }

    /// The key of its figures in JSON.
    var key: String { rawValue.replacing("-", with: "_") }

    /// - Throws: `ValidationError` for a name that is none.
    static func list(_ text: String) throws -> [BenchJobName] {
        let found = try text.split(separator: ",").flatMap { word -> [BenchJobName] in
            let name = word.replacing("_", with: "-")
            let jobs = allCases.filter {
                name == "all" || $0.rawValue == name || $0.rawValue.hasPrefix(name + "-")
            }
            if jobs.isEmpty {
                throw ValidationError(
                    "--what has \"\(word)\", expected some of "
                        + allCases.map(\.rawValue).joined(separator: ", "))
            }
            return jobs
        }
        return allCases.filter { found.contains($0) }
    }
}
