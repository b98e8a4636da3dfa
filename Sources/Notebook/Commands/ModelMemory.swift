import Alignment
import Autograd
import LanguageModels
import OrderedJSON
import TerminalUI

/// How much memory the recipes take for a model of some sizes.
struct ModelMemory {
    let configuration: ModelConfiguration
    let batchSize: Int
    /// Tokens of a row.
    let length: Int
    let plan: ParallelPlan
    /// Each recipe's name on screens, its key in JSON, and what it takes.
    let estimates: [(name: String, key: String, memory: MemoryEstimate)]

    /// - Parameter length: Tokens of a row; nil is the whole context, which more are cut to.
    init(
        configuration: ModelConfiguration, batchSize: Int, length: Int?, plan: ParallelPlan,
        precision: Precision = .f32
    ) {
        self.configuration = configuration
        self.batchSize = batchSize
        self.length = min(length ?? configuration.contextLength, configuration.contextLength)
        self.plan = plan
        // Rows that begin alike would share their beginnings: none does here.
        let size = self.length
        func row(_ place: Int) -> [Int] { [Int](repeating: place, count: size) }
        let options = TrainingOptions(
            length: .steps(1), batchSize: batchSize, learningRate: 1e-5, plan: plan,
            precision: precision)
        var ppo = PPOOptions()
        ppo.minibatchSize = batchSize
        ppo.maxNewTokens = max(1, self.length / 2)
        let prompts = (0..<batchSize).map { Array(row($0).dropLast(ppo.maxNewTokens)) }
        let plain = ModelSizes(configuration)
        let scoring = ModelSizes(configuration, heads: [.score])
        func ppoMemory(sharesTrunk: Bool) -> MemoryEstimate {
            .ppo(
                policy: sharesTrunk ? ModelSizes(configuration, heads: [.value]) : plain,
                reference: plain, critic: sharesTrunk ? nil : scoring, reward: scoring,
                options: options, ppo: ppo, prompts: prompts)
        }
        estimates = [
            (
                "sft", "sft",
                .supervised(
                    plain, options: options,
                    examples: (0..<batchSize).map {
                        TokenizedExample(prompt: [], completion: row($0))
                    })
            ),
            (
                "reward", "reward",
                .reward(
                    scoring, options: options,
                    pairs: (0..<batchSize).map {
                        TokenizedPair(
                            chosen: row(2 * $0), rejected: row(2 * $0 + 1), promptID: "\($0)")
                    })
            ),
            ("ppo", "ppo_separate", ppoMemory(sharesTrunk: false)),
            ("ppo shared", "ppo_shared", ppoMemory(sharesTrunk: true)),
        ]
    }

    func show(_ console: Console) {
        console.say(
            "memory of training in batches of \(formatted(count: batchSize)), rows of "
                + "\(formatted(count: length)) tokens, \(plan.shards) shards on "
                + "\(plan.threads) threads (packed weights are among the models):",
            isReproducible: false)
        console.show(
            Table(
                headers: [
                    "recipe", "models", "moments", "gradients", "activations", "together",
                    "checkpoint",
                ], alignments: [.left] + [TextAlignment](repeating: .right, count: 6),
                rows: estimates.map { each in
                    [each.name]
                        + [
                            each.memory.parameters + each.memory.panels, each.memory.moments,
                            each.memory.gradients,
                            each.memory.activations, each.memory.tensors, each.memory.checkpoint,
                        ].map { formatted(bytes: $0) }
                }), isReproducible: false)
    }

    /// Bytes of each recipe by its key.
    var json: JSON {
        var object = JSONObject([
            ("batch_size", .integer(batchSize)), ("length", .integer(length)),
            ("shards", .integer(plan.shards)), ("threads", .integer(plan.threads)),
        ])
        for each in estimates {
            object[each.key] = [
                "models": .integer(each.memory.parameters),
                "moments": .integer(each.memory.moments),
                "gradients": .integer(each.memory.gradients),
                "activations": .integer(each.memory.activations),
                "panels": .integer(each.memory.panels),
                "tensors": .integer(each.memory.tensors),
                "checkpoint": .integer(each.memory.checkpoint),
            ]
        }
        return .object(object)
    }
}
