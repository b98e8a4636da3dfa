import Autograd
import LanguageModels

extension MemoryEstimate {
    /// DPO from these pairs, both answers of a pair with their whole prompts.
    ///
    /// - Parameter reference: Counted as a model of its own.
    public static func dpo(
        policy: ModelSizes, reference: ModelSizes, options: TrainingOptions,
        pairs: [TokenizedPair], heldOut: [TokenizedPair] = []
    ) -> MemoryEstimate {
        let order = DataOrder(count: pairs.count, shuffles: options.shuffles, seed: options.seed)
        let total = options.length.steps(rows: pairs.count, batchSize: options.batchSize)
        let passes = ActivationMemory(policy)
        let frozenPasses = ActivationMemory(reference)
        var demand = BufferDemand()
        for step in 0..<min(total, 200) {
            let batch = options.batchRows(step, order: order).map { pairs[$0] }
            for share in options.plan.shares(of: batch.map(\.examples)) where !share.isEmpty {
                let examples = share.flatMap { batch[$0].examples }
                demand.formUnion(
                    passes.training(
                        ShardTokens(examples), head: .logProbabilities,
                        frozenLayers: options.frozenLayers))
            }
            demand.formUnion(frozenPasses.forward(parts: batch.flatMap(\.examples)))
        }
        demand.formUnion(passes.forward(parts: heldOut.flatMap(\.examples)))
        var estimate = MemoryEstimate()
        estimate.addTrained(policy, options: options)
        estimate.add(reference)
        estimate.addFrozenOutputs(
            policy,
            tokens: (pairs + heldOut).flatMap(\.examples).reduce(0) { $0 + $1.inputTokens.count },
            options: options)
        estimate.activations = (options.plan.running * demand).bytes
        return estimate
    }
}

extension ActivationMemory {
    /// Log-probabilities of rows without a gradient, a part of them in each thread.
    func forward(parts examples: [TokenizedExample]) -> BufferDemand {
        var demand = BufferDemand()
        for part in ParallelPlan.parts(of: examples.map(\.inputTokens)) {
            demand.formUnion(
                forward(ShardTokens(part.map { examples[$0] }), readsVocabulary: true))
        }
        return demand
    }
}
