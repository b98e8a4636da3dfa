import ArgumentParser

/// Where a method that samples from its policy takes its models and prompts from.
struct PolicySources: ParsableArguments {
    @Option(help: ArgumentHelp("Model folder or slot to start from.", valueName: "DIR"))
    var model: String?

    @Option(help: ArgumentHelp("Frozen reference (default: the starting point).", valueName: "DIR"))
    var reference: String?

    @Option(help: ArgumentHelp("Reward model folder or slot.", valueName: "DIR"))
    var reward: String?

    @Option(help: ArgumentHelp("Prompt rows.", valueName: "FILE"))
    var prompts: String?

    @OptionGroup var rules: RewardRuleArguments
}
