import ArgumentParser

/// What can be measured.
enum BenchJobName: String, CaseIterable {
    case trainingStep = "training-step"
    case trainingStepBF16 = "training-step-bf16"
    case loraTraining = "lora-training"
    case tutorialStep = "tutorial-step"
    case rewardStep = "reward-step"
    case dpoStep = "dpo-step"
    case ktoStep = "kto-step"
    case generate1 = "generate-1"
    case generate16 = "generate-16"
    case generate64 = "generate-64"
    case generate1BF16 = "generate-1-bf16"
    case ppoSeparate = "ppo-separate"
    case ppoShared = "ppo-shared"
    case rloo, grpo
    case start

    /// The key of its figures in JSON.
    var key: String { rawValue.replacing("-", with: "_") }

    var isBF16: Bool { rawValue.hasSuffix("-bf16") }

    /// The same job in f32, for the jobs in bf16.
    var inF32: BenchJobName? {
        isBF16 ? BenchJobName(rawValue: String(rawValue.dropLast("-bf16".count))) : nil
    }

    /// The jobs of a list of names and of what names have in common: `generate`, `bf16`.
    ///
    /// - Throws: `ValidationError` for a name that is none.
    static func list(_ text: String) throws -> [BenchJobName] {
        let found = try text.split(separator: ",").flatMap { word -> [BenchJobName] in
            let name = word.replacing("_", with: "-")
            if let job = BenchJobName(rawValue: String(name)) { return [job] }
            let jobs = allCases.filter {
                name == "all" || $0.rawValue.hasPrefix(name + "-") || name == "bf16" && $0.isBF16
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
