import Testing

@testable import Autograd

/// Gradients of every operation against finite differences. The list of operations is compared with
/// the source text, so that a new operation without a case fails.
@Suite("Gradients against finite differences")
struct OperationGradientTests {
    /// Public functions of the folder that record nothing on a tape.
    static let notDifferentiated: Set<String> = readsARow.union(["logits(_:table:)"])

    /// Those that look at one row, tested with sampling.
    static let readsARow: Set<String> = [
        "likeliest(row:)", "draw(row:temperature:topK:topP:uniform:)",
    ]

    @Test("every public operation has a case here")
    func listIsComplete() throws {
        let covered = Set(GradientCase.all.map(\.operation)).union(Self.notDifferentiated)
        let declared = try PublicOperations.declared()
        #expect(declared.subtracting(covered) == [], "these have no case")
        #expect(covered.subtracting(declared) == [], "these do not exist any more")
    }

    @Test("the gradient is the slope", arguments: GradientCase.all)
    func isSlope(_ example: GradientCase) {
        let tape = Tape()
        let inputs = example.inputs.map { tape.watch(Tensor($0.values, shape: $0.shape)) }
        let outputs = example.compute(inputs)
        let upstream = outputs.indices.map { normals(outputs[$0].count, "upstream \($0)") }
        var loss = Tensor([0], shape: [])
        for (output, weights) in zip(outputs, upstream) {
            loss = loss + output.sum(weights: weights)
        }
        tape.backward(from: loss)

        for (index, input) in example.inputs.enumerated() {
            let gradient = tape.gradient(of: inputs[index]).array
            let magnitude = gradient.reduce(1) { max($0, abs($1)) }
            for element in Self.sampled(input.values.count) {
                let slope = Self.slope(at: element, of: index, example, upstream)
                let error = abs(slope - Double(gradient[element])) / Double(magnitude)
                #expect(error < 3e-4, "\(input.name)[\(element)]: \(gradient[element]), \(slope)")
            }
        }
    }

    @Test(
        "a tensor that is not watched gets no gradient and changes none",
        arguments: GradientCase.all)
    func frozenInput(_ example: GradientCase) {
        func gradients(frozen: Int?) -> [[Float]] {
            let tape = Tape()
            let inputs = example.inputs.enumerated().map { index, input in
                let tensor = Tensor(input.values, shape: input.shape)
                return index == frozen ? tensor : tape.watch(tensor)
            }
            var loss = tape.watch(Tensor([0], shape: []))
            for output in example.compute(inputs) {
                loss = loss + output.sum(weights: normals(output.count, "upstream"))
            }
            tape.backward(from: loss)
            return inputs.map { $0.node == nil ? [] : tape.gradient(of: $0).array }
        }
        let all = gradients(frozen: nil)
        for frozen in example.inputs.indices {
            let others = gradients(frozen: frozen)
            #expect(others[frozen] == [])
            for index in example.inputs.indices where index != frozen {
                expectClose(others[index], all[index], within: 1e-6)
            }
        }
    }

    @Test("the gradients of an input that is used twice are added", arguments: GradientCase.all)
    func usedTwice(_ example: GradientCase) {
        func gradients(times: Int) -> [[Float]] {
            let tape = Tape()
            let inputs = example.inputs.map { tape.watch(Tensor($0.values, shape: $0.shape)) }
            var loss = Tensor([0], shape: [])
            for _ in 0..<times {
                for output in example.compute(inputs) {
                    loss = loss + output.sum(weights: normals(output.count, "upstream"))
                }
            }
            tape.backward(from: loss)
            return inputs.map { tape.gradient(of: $0).array }
        }
        for (once, thrice) in zip(gradients(times: 1), gradients(times: 3)) {
            expectClose(thrice, once.map { 3 * $0 }, within: 2e-6)
        }
    }

    /// Every element of a short input, a fixed sample of a long one.
    private static func sampled(_ count: Int) -> [Int] {
        if count <= 24 { return Array(0..<count) }
        var random = RandomStream(seed: 3, purpose: RandomPurpose("sampled"))
        return random.permutation(of: count).prefix(24).sorted()
    }

    /// The derivative of Σ upstream · output with respect to one element, from four differences: the
    /// error of the step is of fourth order.
    private static func slope(
        at element: Int, of index: Int, _ example: GradientCase, _ upstream: [[Float]]
    ) -> Double {
        func loss(_ change: Float) -> Double {
            let inputs = example.inputs.enumerated().map { i, input -> Tensor in
                var values = input.values
                if i == index { values[element] += change }
                return Tensor(values, shape: input.shape)
            }
            var total = 0.0
            for (output, weights) in zip(example.compute(inputs), upstream) {
                for (y, weight) in zip(output.array, weights) {
                    total += Double(y) * Double(weight)
                }
            }
            return total
        }
        let step: Float = 1 / 32
        let near = loss(step) - loss(-step)
        let far = loss(2 * step) - loss(-2 * step)
        return (8 * near - far) / (12 * Double(step))
    }
}
