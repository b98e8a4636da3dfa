import LanguageModels

/// The frozen layers of the models of a PPO run, and their outputs for the rollouts of an update.
///
/// Models whose frozen layers have the same values share one computation of them: the reference when
/// the policy was copied from it, the critic when its reward model started there with the same layers
/// frozen.
struct PolicyTrunks {
    private let policy: FrozenTrunk
    /// The critic's own trunk; nil where it is the policy's, and without a separate critic.
    private let critic: FrozenTrunk?
    /// Whether the policy's frozen layers are the reference's too.
    let sharesReference: Bool
    /// Whether they are the critic's too.
    let sharesCritic: Bool

    /// Where the layers above the frozen ones go on from; nil starts at the embeddings.
    struct Streams {
        let policy, reference, critic: ResidualStream?
    }

    /// Compares the models' values once; frozen layers do not change while the run lasts.
    init(_ models: PolicyModels, layers: Int, capacity: Int = FrozenTrunk.capacity) {
        func isShared(with model: LanguageModel) -> Bool {
            layers > 0 && models.policy.sharesTrunk(with: model, layers: layers)
        }
        let sharesCritic = models.critic.map(isShared) ?? false
        policy = FrozenTrunk(models.policy, layers: layers, capacity: capacity)
        critic =
            sharesCritic
            ? nil : models.critic.map { FrozenTrunk($0, layers: layers, capacity: capacity) }
        sharesReference = isShared(with: models.reference)
        self.sharesCritic = sharesCritic
    }

    /// Forgets the rollouts of the update before; those of the new one have keys of their own.
    func beginUpdate() {
        policy.removeAll()
        critic?.removeAll()
    }

    /// The residual streams of packed rollouts of this update.
    func streams(of batch: PackedSequences, keys: [Int]) -> Streams {
        let own = policy.stream(of: batch, keys: keys)
        return Streams(
            policy: own, reference: sharesReference ? own : nil,
            critic: sharesCritic ? own : critic?.stream(of: batch, keys: keys))
    }
}
