import Autograd
import LanguageModels

extension MemoryEstimate {
    /// KTO from these answers: each with its prompt, and again with another one for the reference
    /// point.
    ///
    /// - Parameter reference: Counted as a model of its own.
    public static func kto(
        policy: ModelSizes, reference: ModelSizes, options: TrainingOptions,
        rows: [LabelledExample], heldOut: [LabelledExample] = []
    ) -> MemoryEstimate {
        let passes = ActivationMemory(policy)
        let frozenPasses = ActivationMemory(reference)
        let context = policy.configuration.contextLength
        var demand = BufferDemand()
        for batch in batches(of: rows, options: options) {
            let examples = batch.map(\.example)
            for share in options.plan.shares(of: examples.map { [$0] }) where !share.isEmpty {
                demand.formUnion(
                    passes.training(
                        ShardTokens(share.map { examples[$0] }), head: .logProbabilities,
                        frozenLayers: options.frozenLayers))
            }
            let mismatched = KTORun.mismatched(examples, context: context)
            demand.formUnion(passes.forward(parts: mismatched))
            demand.formUnion(frozenPasses.forward(parts: examples))
            demand.formUnion(frozenPasses.forward(parts: mismatched))
        }
        demand.formUnion(passes.forward(parts: heldOut.map(\.example)))
        var estimate = MemoryEstimate()
        estimate.addTrained(policy, options: options)
        estimate.add(reference)
        estimate.addFrozenOutputs(
            policy,
            tokens: (rows + heldOut).reduce(0) { $0 + $1.example.inputTokens.count },
            options: options)
        estimate.activations = (options.plan.running * demand).bytes
        return estimate
    }

    /// ORPO from these pairs; there is no reference.
    public static func orpo(
        policy: ModelSizes, options: TrainingOptions, pairs: [TokenizedPair],
        heldOut: [TokenizedPair] = []
    ) -> MemoryEstimate {
        func examples(_ pairs: [TokenizedPair]) -> [[TokenizedExample]] {
            OddsBatch(pairs, rows: Array(pairs.indices)).members.map { [$0.chosen, $0.rejected] }
        }
        let passes = ActivationMemory(policy)
        var demand = BufferDemand()
        for batch in batches(of: pairs, options: options) {
            let members = examples(batch)
            for share in options.plan.shares(of: batch.map(\.count)) where !share.isEmpty {
                demand.formUnion(
                    passes.training(
                        ShardTokens(share.flatMap { members[$0] }), head: .logProbabilities,
                        frozenLayers: options.frozenLayers))
            }
        }
        demand.formUnion(passes.forward(parts: examples(heldOut).flatMap { $0 }))
        var estimate = MemoryEstimate()
        estimate.addTrained(policy, options: options)
        estimate.addFrozenOutputs(
            policy,
            tokens: examples(pairs + heldOut).flatMap { $0 }.reduce(0) {
                $0 + $1.inputTokens.count
            },
            options: options)
        estimate.activations = (options.plan.running * demand).bytes
        return estimate
    }

    /// The first batches of a run: beyond 200 few new lengths come.
    private static func batches<Row>(of rows: [Row], options: TrainingOptions) -> [[Row]] {
        let order = DataOrder(count: rows.count, shuffles: options.shuffles, seed: options.seed)
        let total = options.length.steps(rows: rows.count, batchSize: options.batchSize)
        return (0..<min(total, 200)).map { step in
            options.batchRows(step, order: order).map { rows[$0] }
        }
    }
}
