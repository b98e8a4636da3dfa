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
            What limits a job is measured in the same run, before and after it: the rate of matrix \
            products at the model's shapes for training, the reading of memory (all weights once a \
            token step, which a model in the cache can pass) and products for decoding. A training \
            step counts as 6·P operations a token (P parameters), without attention; decoding is \
            compared without the pass over the prompt. The limit has the unit of the rate. A \
            training step in bf16 is given as so many times (×) the one in f32. Peak is the largest \
            resident set during the job. Jobs: training-step, training-step-bf16, lora-training \
            (an adapter of rank 8 on every map), tutorial-step, reward-step, generate-1, generate-16, generate-64, generate-1-bf16, ppo-separate, \
            ppo-shared, and start (from the start of the program to its prompt); generate, ppo and \
            bf16 stand for all of theirs. Weights and tokens are random, but for --model DIR.

            --curves measures training steps of models of its own from width 128 to 1024 and from \
            length 64 to 1024, five times in turn, so that a slower minute of the machine is \
            everybody's, and says whether cost and memory grow as they should. There a token counts \
            as 6·P + 12·layers·width·length/2 operations, attention with it.
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
            "Time for each job, at least; three runs are always made, five of a point of the curves.",
            valueName: "SECONDS"))
    var seconds = 2.0

    @Flag(help: "Measure how cost and memory grow with width and length, and nothing else.")
    var curves = false

    func validate() throws {
        if curves && (what != nil || model != "tiny") {
            throw ValidationError(
                "--curves measures models of its own; leave --what and --model out")
        }
        if !(seconds >= 0 && seconds.isFinite) { throw ValidationError("--seconds is at least 0") }
        if let what { _ = try BenchJobName.list(what) }
    }

    func execute(in context: CommandContext) throws {
        if curves { return try measureCurves(context) }
        let subject = try subject(context)
        var names = try what.map { try BenchJobName.list($0) } ?? subject.usualJobs
        if !Precision.bf16.isSupported && names.contains(where: \.isBF16) {
            names.removeAll(where: \.isBF16)
            let sentence = "jobs in bf16 are left out: this processor or build has no bf16 products"
            if names.isEmpty { throw CommandError(sentence + ", and no other job was asked for") }
            if !context.settings.isQuiet { context.console.complain(sentence, .warning) }
        }
        let bench = bench(context, isLarge: subject.isLarge)
        try requireMemory(subject, bench, names)
        var figures: [BenchFigures] = []
        for name in names {
            remark("measuring \(name.rawValue) …", context)
            if let found = bench.measure(name, on: subject) {
                figures.append(found)
            } else if !Interrupts.isRaised && !context.settings.isQuiet {
                context.console.complain(
                    "\(name.rawValue) is left out: no terminal could be made for it", .warning)
            }
            try stopIfInterrupted()
        }
        let view = BenchView(subject: subject, bench: bench, figures: figures)
        view.show(context.console)
        context.console.emit(view.json)
    }

    private func measureCurves(_ context: CommandContext) throws {
        let bench = bench(context, isLarge: true)
        let curves = [BenchCurve.Axis.width, .length].map { axis in
            bench.curve(axis, Bench.curveSubjects(axis)) { subject, turn in
                if !Interrupts.isRaised {
                    remark(
                        "measuring \(axis) \(subject.name), turn \(turn) of \(Bench.curveTurns) …",
                        context)
                }
                return Interrupts.isRaised
            }
        }
        try stopIfInterrupted()
        let view = BenchCurvesView(bench: bench, curves: curves)
        view.show(context.console)
        context.console.emit(view.json)
    }

    /// - Parameter isLarge: Gradients are kept once a shard, so large models get a shard a thread.
    private func bench(_ context: CommandContext, isLarge: Bool) -> Bench {
        let settings = context.settings
        let shards =
            isLarge && global.shards == nil
            ? min(settings.shards, settings.threads) : settings.shards
        return Bench(
            plan: ParallelPlan(shards: shards, threads: settings.threads), seed: settings.seed,
            seconds: seconds, readRate: Bench.readRate(threads: settings.threads))
    }

    private func stopIfInterrupted() throws {
        if Interrupts.isRaised {
            throw CommandError.interrupted("the measurements were stopped")
        }
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
        _ subject: BenchSubject, _ bench: Bench, _ names: [BenchJobName]
    ) throws {
        let available = Machine.found(threads: bench.plan.threads).availableBytes
        for name in names {
            guard let needed = bench.memory(name, subject)?.tensors else { continue }
            if available > 0 && needed > available {
                throw CommandError(
                    "\(name.rawValue) of \(subject.name) in \(bench.plan.shards) shards needs about "
                        + "\(formatted(bytes: needed)), but \(formatted(bytes: available)) of memory "
                        + "are free; lower --shards, or choose --what generate")
            }
        }
    }
}
