import ArgumentParser
import LanguageModels

/// How the next token is chosen.
struct SamplingArguments: ParsableArguments {
    @Option(help: ArgumentHelp("New tokens at most.", valueName: "N"))
    var maxNewTokens = 64

    @Flag(help: "Always the likeliest token.")
    var greedy = false

    @Option(help: ArgumentHelp("Divides the logits.", valueName: "T"))
    var temperature: Float = 1

    @Option(help: ArgumentHelp("Only the K likeliest tokens; 0 keeps all.", valueName: "K"))
    var topK = 0

    @Option(help: ArgumentHelp("Only the likeliest tokens that together reach P.", valueName: "P"))
    var topP: Float = 1

    func validate() throws {
        if !(1...1_000_000).contains(maxNewTokens) {
            throw ValidationError("--max-new-tokens is between 1 and 1,000,000")
        }
        if !(temperature >= 0 && temperature.isFinite) {
            throw ValidationError("--temperature is a number of at least 0")
        }
        if topK < 0 { throw ValidationError("--top-k is at least 0") }
        if !(topP > 0 && topP <= 1) { throw ValidationError("--top-p is above 0 and at most 1") }
    }

    var parameters: SamplingParameters {
        SamplingParameters(temperature: temperature, topK: topK, topP: topP, isGreedy: greedy)
    }
}
