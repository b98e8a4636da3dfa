import Alignment
import ArgumentParser
import TerminalUI

/// `:help`: commands, metrics and slots.
struct HelpCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "help", abstract: "Explain a command, a metric or a slot.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A command, a metric such as kl, or a slot.")
    var topic: [String] = []

    static var place: CommandPlace { .everywhere }

    func execute(in context: CommandContext) throws {
        guard let first = topic.first else {
            overview(context)
            return
        }
        let name = first.hasPrefix(":") ? String(first.dropFirst()) : first
        let path = CommandPath([name] + topic.dropFirst())
        if !path.names.isEmpty && path.unknown == nil {
            showPage(path, context)
            return
        }
        if let slot = SlotGuide.text(for: name) {
            context.console.show(KeyValueList([(name, slot)]))
            return
        }
        if HealthGuide.show(topic.joined(separator: " "), in: context.console) { return }
        let metrics = Metric.matching(topic.joined(separator: " "))
        guard !metrics.isEmpty else {
            let help = context.notebook == nil ? "rlhf help" : ":help"
            throw CommandError(
                "there is no command, metric or slot \"\(topic.joined(separator: " "))\"; "
                    + (Self.suggestion(for: path, name).map { "did you mean \(help) \($0)?" }
                        ?? "\(help) lists the commands"))
        }
        for metric in metrics.prefix(2) {
            context.console.say(metric.key, .strong)
            context.console.show(
                KeyValueList([
                    ("is", metric.meaning), ("formula", metric.formula),
                    ("healthy", metric.healthy),
                    ("else usually", metric.usualCause), ("then", metric.advice),
                ]))
        }
    }

    private static func suggestion(for path: CommandPath, _ name: String) -> String? {
        if let word = path.unknown, !path.names.isEmpty {
            return Suggestion.nearest(to: word, among: path.choices)
                .map { (path.names + [$0]).joined(separator: " ") }
        }
        return Suggestion.nearest(
            to: name,
            among: path.choices + SlotGuide.slots.map(\.name)
                + Metric.catalogue.flatMap { [$0.key] + $0.aliases })
    }

    private func showPage(_ path: CommandPath, _ context: CommandContext) {
        context.console.show(HelpPage(path: path, isInSession: context.notebook != nil))
    }

    private func overview(_ context: CommandContext) {
        let console = context.console
        if context.notebook == nil {
            showPage(CommandPath([]), context)
            return
        }
        console.say("Text is a prompt for the policy. A line that starts with \":\" is a command:")
        console.show(KeyValueList(Self.families.map { ("  " + $0.name, $0.commands) }))
        console.say(
            ":help train ppo explains a command, :help kl a metric, :help pairs a slot. Tab completes, "
                + "twice it lists; Enter alone runs the next cell of a tutorial.", .dim)
    }

    private static let families: [(name: String, commands: String)] = [
        ("data", ":load :inspect :lint :convert"),
        ("models", ":model :tokenize :score"),
        (
            "train",
            ":train tokenizer | sft | reward | ppo | dpo | kto | orpo | rloo | grpo | reinforce | rft "
                + "| online-dpo :resume"
        ),
        ("sample and judge", ":sample :generate :compare :evaluate"),
        (
            "feedback",
            ":label :votes simulate | aggregate | pairs | rank :agreement :labelstudio push | pull | "
                + "status | files :serve"
        ),
        ("look", ":plot :metrics :samples :show :report reward"),
        ("cells", ":cells :edit :rerun :stale :why :delete :move :undo :redo"),
        ("session", ":note :save :export :replay :set :history :help :quit"),
        ("machine", ":store :doctor :bench"),
    ]
}

/// A command's page as it is typed here: ":train sft" at the prompt, "rlhf train sft" in the shell.
struct HelpPage: Renderable {
    let path: CommandPath
    let isInSession: Bool

    /// Where the parser starts to say what an option means.
    private static let column = 26

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let isNarrow = width < 60
        let page = path.helpPage(columns: isNarrow ? 10_000 : width)
            .replacing("OVERVIEW: ", with: "", maxReplacements: 1)
            .replacing("USAGE: rlhf ", with: isInSession ? "USAGE: :" : "USAGE: rlhf ")
            .replacing("See 'rlhf help ", with: isInSession ? "See ':help " : "See 'rlhf help ")
            .trimmingFinalNewlines
        let parts = isNarrow ? Self.narrow(page) : [Paragraph(page)]
        return Stack(parts).lines(width: width, capabilities: capabilities)
    }

    /// Where there is little room, what an option means stands below it.
    private static func narrow(_ page: String) -> [Paragraph] {
        page.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
            let name = String(line.prefix(column))
            guard line.hasPrefix("  "), line.count > column, name.last == " " else {
                return [Paragraph(String(line))]
            }
            let meaning = Paragraph(String(line.dropFirst(column)), indent: 6)
            return name.trimmed.isEmpty ? [meaning] : [Paragraph("  " + name.trimmed), meaning]
        }
    }
}

/// What the usual slots are for and which command fills them.
enum SlotGuide {
    static let slots: [(name: String, text: String)] = [
        ("demos", "demonstrations to train on; :load demos FILE"),
        ("heldout", "demonstrations to evaluate on; :load heldout FILE"),
        ("prompts", "prompts to train the policy on; :load prompts FILE"),
        ("eval-prompts", "prompts to evaluate on; :load eval-prompts FILE"),
        (
            "gold",
            "rules that measure the truth, for evaluation and simulated votes; :load gold FILE"
        ),
        ("tokenizer", "text to tokens; :train tokenizer"),
        ("sft", "the supervised baseline; :train sft"),
        ("comparisons", "two answers to each prompt; :generate --n 2"),
        ("votes", "which answer is better; :label, :votes simulate, :labelstudio pull"),
        ("pairs", "preference pairs; :votes aggregate, :votes pairs or :load pairs FILE"),
        ("thumbs", "single answers found good or bad; :load thumbs FILE"),
        ("reward", "the reward model; :train reward"),
        ("policy", "the current policy; :train sft, then :train ppo or dpo"),
    ]

    static func text(for name: String) -> String? { slots.first { $0.name == name }?.text }
}
