/// A record of the operations that led to a loss, walked backwards once for the gradients.
///
/// A tape belongs to one thread. The walk frees every intermediate value.
public final class Tape {
    /// What was recorded at each node; nil for watched tensors and where the walk has been.
    private var pullbacks: [Pullback?] = []
    private var gradients: [Tensor?] = []
    /// Nodes whose gradient has memory already, waiting for the first contribution.
    private var awaitsFirst: [Bool] = []
    /// How often the tape was used before.
    private var use = 0

    public init() {}

    /// Forgets everything that was recorded and keeps the memory of the lists for the next use. Tensors
    /// of before are refused from now on.
    func reset() {
        use += 1
        pullbacks.removeAll(keepingCapacity: true)
        gradients.removeAll(keepingCapacity: true)
        awaitsFirst.removeAll(keepingCapacity: true)
    }

    /// The same tensor, differentiated: operations on it are recorded here.
    public func watch(_ tensor: Tensor) -> Tensor { addNode(tensor.detached, pullback: nil) }

    /// A parameter, whose gradient is written to `gradient` (same shape): the first contribution
    /// replaces what stands there, so the memory need not be cleared before a step.
    func watch(_ tensor: Tensor, writingGradientTo gradient: Tensor) -> Tensor {
        let watched = watch(tensor)
        gradients[gradients.count - 1] = gradient
        awaitsFirst[awaitsFirst.count - 1] = true
        return watched
    }

    /// Whether nothing has been contributed to a watched parameter's gradient.
    func isUntouched(_ node: Tensor.Node) -> Bool { awaitsFirst[node.index] }

    /// Puts an operation's result on the tape, with its way back.
    func record(_ result: Tensor, _ pullback: Pullback) -> Tensor {
        addNode(result, pullback: pullback)
    }

    private func addNode(_ tensor: Tensor, pullback: Pullback?) -> Tensor {
        pullbacks.append(pullback)
        gradients.append(nil)
        awaitsFirst.append(false)
        var watched = tensor
        watched.node = Tensor.Node(tape: self, use: use, index: pullbacks.count - 1)
        return watched
    }

    /// Sends the gradient 1 from `loss` back through every recorded operation.
    ///
    /// The tape can be walked once; its intermediate values are freed on the way.
    ///
    /// - Parameter loss: A scalar recorded on this tape.
    public func backward(from loss: Tensor) {
        guard let node = loss.node, isOwn(node) else {
            preconditionFailure("backward: the loss was not recorded on this tape")
        }
        precondition(loss.count == 1, "backward: the loss has shape \(loss.shape), not a scalar")
        gradients[node.index] = Tensor(1).reshaped(loss.shape)
        for index in stride(from: node.index, through: 0, by: -1) { pullBack(index) }
    }

    private func isOwn(_ node: Tensor.Node) -> Bool { node.tape === self && node.use == use }

    private func pullBack(_ index: Int) {
        guard let pullback = pullbacks[index] else { return }
        pullbacks[index] = nil
        guard let gradient = gradients[index] else { return }
        gradients[index] = nil
        pullback.send(gradient)
    }

    /// The gradient that reached a watched tensor; zeros when none did.
    public func gradient(of tensor: Tensor) -> Tensor {
        guard let node = tensor.node, isOwn(node) else {
            preconditionFailure("gradient(of:): the tensor is not watched by this tape")
        }
        // An operation on another view of the same elements may have given it that view's shape.
        return gradients[node.index]?.reshaped(tensor.shape) ?? Tensor(zeros: tensor.shape)
    }

    // MARK: - For pullbacks

    /// Gives an operand its gradient: `write` fills or adds to the memory, as `isFresh` tells it.
    func contribute(to node: Tensor.Node, shape: Shape, _ write: (Tensor, _ isFresh: Bool) -> Void)
    {
        precondition(isOwn(node), "backward: an operand was recorded in an earlier use of the tape")
        if let existing = gradients[node.index] {
            let isFirst = awaitsFirst[node.index]
            awaitsFirst[node.index] = false
            write(existing, isFirst)
        } else {
            // Kept before it is written: `write` may contribute to the same operand once more, when
            // one tensor plays two parts in an operation.
            let fresh = Tensor(uninitialized: shape)
            gradients[node.index] = fresh
            write(fresh, true)
        }
    }

    /// Hands over a gradient nobody else will read: adopted when it is the first, else added.
    func handOver(_ gradient: Tensor, to node: Tensor.Node) {
        precondition(isOwn(node), "backward: an operand was recorded in an earlier use of the tape")
        if let existing = gradients[node.index] {
            if awaitsFirst[node.index] {
                awaitsFirst[node.index] = false
                unsafe copy(existing.pointer, gradient.pointer, gradient.count)
            } else {
                unsafe addProduct(existing.pointer, 1, gradient.pointer, gradient.count)
            }
        } else {
            gradients[node.index] = gradient
        }
    }
}

extension Tensor {
    /// The tape that records it; nil where it is not differentiated.
    var tape: Tape? { node?.tape }

    /// Lets a pullback write this operand's gradient; does nothing when it is not differentiated.
    func contribute(_ write: (Tensor, _ isFresh: Bool) -> Void) {
        guard let node else { return }
        node.contribute(shape, write)
    }
}

extension Tensor.Node {
    /// Lets a pullback write the gradient of this place, which has this shape.
    func contribute(_ shape: Shape, _ write: (Tensor, _ isFresh: Bool) -> Void) {
        tape.contribute(to: self, shape: shape, write)
    }

    /// Hands over a gradient nobody else will read.
    func handOver(_ gradient: Tensor) { tape.handOver(gradient, to: self) }
}
