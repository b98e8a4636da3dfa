public import LanguageModels

extension MemoryEstimate {
    /// RLOO, GRPO and the other methods of ``GroupTrainer`` from these prompts: PPO without a value function, each prompt as often
    /// as it is answered.
    public static func group(
        policy: ModelSizes, reference: ModelSizes, reward: ModelSizes?, options: TrainingOptions,
        group: GroupOptions, prompts: [[Int]], heldOut: [TokenizedExample] = []
    ) -> MemoryEstimate {
        var ppo = PPOOptions()
        ppo.minibatchSize = group.minibatchSize ?? options.batchSize
        ppo.maxNewTokens = group.maxNewTokens
        return .policy(
            policy, reference: reference, critic: nil, reward: reward, options: options, ppo: ppo,
            prompts: prompts, answersEach: group.completionsPerPrompt, heldOut: heldOut)
    }
}
