import Autograd

/// The rollouts of an update in random order, cut into minibatches: one epoch.
struct Minibatches: Sequence {
    private let order: [Int]
    private let size: Int

    init(count: Int, size: Int, seed: UInt64, update: Int, epoch: Int) {
        var random = RandomStream(
            seed: seed, purpose: RandomPurpose("minibatches"), step: update, sample: epoch)
        order = random.permutation(of: count)
        self.size = size
    }

    func makeIterator() -> some IteratorProtocol<ArraySlice<Int>> {
        stride(from: 0, to: order.count, by: size).lazy.map { start in
            order[start..<Swift.min(order.count, start + size)]
        }.makeIterator()
    }
}
