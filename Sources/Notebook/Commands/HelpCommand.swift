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

    func execute(in context: CommandContext) throws {
        guard let first = topic.first else {
            overview(context.console)
            return
        }
        let name = first.hasPrefix(":") ? String(first.dropFirst()) : first
        if let text = Self.help(for: [name] + topic.dropFirst()) {
            context.console.show(Paragraph(text))
            return
        }
        if let slot = SlotGuide.text(for: name) {
            context.console.show(KeyValueList([(name, slot)]))
            return
        }
        let metrics = Metric.matching(topic.joined(separator: " "))
        guard !metrics.isEmpty else {
            throw CommandError("there is no command, metric or slot \"\(name)\"; :help lists them")
        }
        for metric in metrics.prefix(2) {
            context.console.say(metric.key, .strong)
            context.console.show(
                KeyValueList([
                    ("is", metric.meaning), ("formula", metric.formula), ("healthy", metric.healthy),
                    ("else usually", metric.usualCause), ("then", metric.advice),
                ]))
        }
    }

    /// The help page of a command, nil when there is none of these words.
    private static func help(for words: [String]) -> String? {
        do {
            _ = try RLHF.parseAsRoot(words + ["--help"])
            return nil
        } catch {
            guard RLHF.exitCode(for: error) == .success else { return nil }
            return RLHF.fullMessage(for: error)
        }
    }

    private func overview(_ console: Console) {
        console.say("Text is a prompt for the policy. A line that starts with \":\" is a command:")
        for family in Self.families {
            console.show(KeyValueList([(family.name, family.commands)]))
        }
        console.say(
            ":help train ppo explains a command, :help kl a metric, :help pairs a slot. Enter alone runs "
                + "the next cell of a tutorial.", .dim)
    }

    private static let families: [(name: String, commands: String)] = [
        ("data", ":load :inspect :lint :convert"),
        ("models", ":model :tokenize :score"),
        ("train", ":train tokenizer|sft|reward|ppo :resume"),
        ("sample and judge", ":sample :generate :compare :evaluate"),
        ("feedback", ":label :votes simulate|pairs"),
        ("look", ":plot :metrics :show"),
        ("session", ":cells :note :save :export :set :history :help :quit"),
        ("machine", ":doctor :bench"),
    ]
}

/// What the usual slots are for and which command fills them.
enum SlotGuide {
    static let slots: [(name: String, text: String)] = [
        ("demos", "demonstrations to train on; :load demos FILE"),
        ("heldout", "demonstrations to evaluate on; :load heldout FILE"),
        ("prompts", "prompts to train the policy on; :load prompts FILE"),
        ("eval-prompts", "prompts to evaluate on; :load eval-prompts FILE"),
        ("gold", "rules that measure the truth, for evaluation and simulated votes; :load gold FILE"),
        ("tokenizer", "text to tokens; :train tokenizer"),
        ("sft", "the supervised baseline; :train sft"),
        ("comparisons", "two answers to each prompt; :generate --n 2"),
        ("votes", "which answer is better; :label, :votes simulate"),
        ("pairs", "preference pairs; :votes pairs or :load pairs FILE"),
        ("reward", "the reward model; :train reward"),
        ("policy", "the current policy; :train sft, then :train ppo"),
    ]

    static func text(for name: String) -> String? { slots.first { $0.name == name }?.text }
}
