import Testing

@testable import Autograd

@Suite("Sharded gradients")
struct ShardedGradientsTests {
    private func example(shards: Int, threads: Int) -> TrainingStepExample {
        TrainingStepExample(plan: ParallelPlan(shards: shards, threads: threads))
    }

    @Test(
        "loss, gradients and parameters have the same bits on any number of threads",
        arguments: [2, 3, 8])
    func threads(threads: Int) {
        let one = example(shards: 8, threads: 1)
        let many = example(shards: 8, threads: threads)
        for _ in 0..<4 {
            #expect(one.run() == many.run())
            #expect(one.gradientValues == many.gradientValues)
        }
        #expect(one.parameters.flatValues == many.parameters.flatValues)
        #expect(one.gradients.globalNorm() == many.gradients.globalNorm())
    }

    @Test("the sum over shards is the gradient of the whole batch", arguments: [2, 3, 5, 8])
    func equalsOneShard(shards: Int) {
        let whole = example(shards: 1, threads: 1)
        let cut = example(shards: shards, threads: 2)
        let loss = whole.computeGradients()
        #expect(abs(loss - cut.computeGradients()) < 1e-6)
        for (a, b) in zip(cut.gradientValues, whole.gradientValues) {
            expectClose(a, b, within: 1e-6)
        }
        #expect(abs(cut.gradients.globalNorm() - whole.gradients.globalNorm()) < 1e-5)
    }

    @Test("gradients start from 0 in every step")
    func startsFromZero() {
        let example = example(shards: 3, threads: 1)
        example.computeGradients()
        let first = example.gradientValues
        example.computeGradients()
        #expect(example.gradientValues == first)
    }

    @Test("the norm is the root of the sum of squares, over several models")
    func norm() {
        let (a, b) = (ParameterSet([("a", [1])]), ParameterSet([("b", [17])]))
        let gradients = ShardedGradients([a, b], plan: ParallelPlan(shards: 2, threads: 1))
        let results = gradients.accumulate { shard, weights -> (loss: Tensor?, result: Int) in
            // Two shards: 3 + 0 for a; 1 + 3 for each of the seventeen of b.
            let first = shard == 0 ? 3 * weights[0][a.parameters[0]].sum : Tensor([0], shape: [])
            let factor: Float = shard == 0 ? 1 : 3
            return (first + factor * weights[1][b.parameters[0]].sum, shard)
        }
        #expect(results == [0, 1])
        #expect(gradients.total(0)[a.parameters[0]].array == [3])
        #expect(gradients.total(1)[b.parameters[0]].array == [Float](repeating: 4, count: 17))
        #expect(gradients.globalNorm(of: [0]) == 3)
        #expect(abs(gradients.globalNorm(of: [0, 1]) - Float(281).squareRoot()) < 1e-5)
    }

    @Test("a step knows nothing of the one before: other shards, other parameters, other losses")
    func unlikeSteps() {
        let set = ParameterSet([("a", [3]), ("b", [2])])
        let (a, b) = (set.parameters[0], set.parameters[1])
        let gradients = ShardedGradients([set], plan: ParallelPlan(shards: 2, threads: 1))
        func total() -> [Float] { gradients.total()[a].array + gradients.total()[b].array }
        gradients.accumulate(losses: { shard, weights in
            shard == 0 ? weights[0][a].sum + 2 * weights[0][b].sum : nil
        })
        #expect(total() == [1, 1, 1, 2, 2])
        gradients.accumulate(losses: { shard, weights in
            shard == 1 ? 3 * weights[0][b].sum : nil
        })
        #expect(total() == [0, 0, 0, 3, 3])
        gradients.accumulate(losses: { _, weights in 4 * weights[0][a].sum })
        #expect(total() == [8, 8, 8, 0, 0])
        gradients.accumulate(losses: { _, _ in nil })
        #expect(total() == [0, 0, 0, 0, 0])
        #expect(gradients.globalNorm() == 0)
    }

    @Test("shards without rows, and losses without a tape, add nothing")
    func emptyShards() {
        let set = ParameterSet([("a", [3])])
        let gradients = ShardedGradients([set], plan: ParallelPlan(shards: 4, threads: 2))
        _ = gradients.accumulate { shard, weights -> (loss: Tensor?, result: Void) in
            switch shard {
            case 0: return (nil, ())
            case 1: return (Tensor([5], shape: []), ())
            default: return (weights[0][set.parameters[0]].sum, ())
            }
        }
        #expect(gradients.total()[set.parameters[0]].array == [2, 2, 2])
    }
}
