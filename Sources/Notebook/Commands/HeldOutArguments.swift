import ArgumentParser

/// The options of recipes that learn from judgements and keep some for evaluation.
struct HeldOutArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Share of the prompts to hold out.", valueName: "X"))
    var evalFraction: Double = 0.1

    @Option(help: ArgumentHelp("Steps between evaluations on held-out rows.", valueName: "N"))
    var evalEvery = 0

    func validate() throws {
        if !(0..<1).contains(evalFraction) {
            throw ValidationError("--eval-fraction is at least 0 and below 1")
        }
        if evalEvery < 0 { throw ValidationError("--eval-every is at least 0") }
    }
}

extension CommandContext {
    /// Says which of these options is missing in the shell, where no slot stands in for it.
    func requireInShell(_ options: (usage: String, value: String?)...) throws {
        guard cell == nil else { return }
        for option in options where option.value == nil {
            throw CommandError.usage("\(option.usage) is needed")
        }
    }
}
