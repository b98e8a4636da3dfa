import Testing

@testable import Autograd

@Suite("Tape")
struct TapeTests {
    @Test("a tensor used many times collects all its gradients")
    func accumulates() {
        let tape = Tape()
        let x = tape.watch(Tensor([2, 3]))
        // x³ + 4x: the slope is 3x² + 4.
        let y = x * x * x + 4 * x
        tape.backward(from: y.sum)
        #expect(tape.gradient(of: x).array == [16, 31])
    }

    @Test("one tensor in two parts of an operation gets both gradients")
    func twoParts() {
        let tape = Tape()
        let x = Tensor([1, 2, 4], shape: [1, 3])
        let both = tape.watch(Tensor([1, 2, 3]))
        // Σ (normal · w + w): the slope is the normal plus 1.
        tape.backward(from: layerNorm(x, scale: both, shift: both).sum)
        let normal = layerNorm(x, scale: Tensor([1, 1, 1]), shift: Tensor([0, 0, 0])).array
        expectClose(tape.gradient(of: both).array, normal.map { $0 + 1 })
    }

    @Test("a tied table gets its gradient from both ends")
    func tiedTable() {
        let values = normals(5 * 3, "table")
        func gradient(tied: Bool) -> [Float] {
            let tape = Tape()
            let table = tape.watch(Tensor(values, shape: [5, 3]))
            let other = tied ? table : tape.watch(Tensor(values, shape: [5, 3]))
            let logs = tokenLogProbabilities(table, table: other, targets: [0, 1, 2, 3, 4])
            tape.backward(from: logs.logProbabilities.sum(weights: [1, 2, 3, 4, 5]))
            let first = tape.gradient(of: table).array
            return tied ? first : zip(first, tape.gradient(of: other).array).map { $0 + $1 }
        }
        expectClose(gradient(tied: true), gradient(tied: false))
    }

    @Test("what the loss does not depend on has the gradient 0")
    func unused() {
        let tape = Tape()
        let x = tape.watch(Tensor([1, 2]))
        let unused = tape.watch(Tensor([1, 2, 3, 4], shape: [2, 2]))
        _ = unused * unused
        tape.backward(from: x.sum)
        #expect(tape.gradient(of: unused).shape == [2, 2])
        #expect(tape.gradient(of: unused).array == [0, 0, 0, 0])
    }

    @Test("nothing flows through a detached tensor")
    func detached() {
        let tape = Tape()
        let x = tape.watch(Tensor([3]))
        tape.backward(from: (x * x.detached).sum)
        #expect(tape.gradient(of: x).array == [3])
    }

    @Test("the gradient has the shape of its tensor, whatever view of it was used")
    func shape() {
        let tape = Tape()
        let x = tape.watch(Tensor([1, 2, 3]))
        tape.backward(from: x.elements(at: [2, 2]).sum)
        #expect(tape.gradient(of: x).shape == [3])
        #expect(tape.gradient(of: x).array == [0, 0, 2])
    }

    @Test("a chain of a hundred thousand operations does not overflow the stack")
    func longChain() {
        let tape = Tape()
        let x = tape.watch(Tensor([1]))
        var y = x
        for _ in 0..<100_000 { y = y + 1 }
        tape.backward(from: y.sum)
        #expect(tape.gradient(of: x).array == [1])
    }

    @Test("a loss that is no scalar, or of another tape, is refused")
    func refusals() async {
        await #expect(processExitsWith: .failure) {
            let tape = Tape()
            tape.backward(from: tape.watch(Tensor([1, 2])))
        }
        await #expect(processExitsWith: .failure) { Tape().backward(from: Tensor([1])) }
        await #expect(processExitsWith: .failure) {
            _ = Tape().gradient(of: Tape().watch(Tensor([1])))
        }
    }

    @Test("a tape that is used again knows nothing of before, and refuses its tensors")
    func reset() async {
        let tape = Tape()
        for factor in [Float(2), 3] {
            let x = tape.watch(Tensor([1, 2]))
            tape.backward(from: (factor * x).sum)
            #expect(tape.gradient(of: x).array == [factor, factor])
            tape.reset()
        }
        await #expect(processExitsWith: .failure) {
            let tape = Tape()
            let loss = tape.watch(Tensor([1, 2])).sum
            tape.reset()
            _ = tape.watch(Tensor([1, 2])).sum
            tape.backward(from: loss)
        }
        await #expect(processExitsWith: .failure) {
            let tape = Tape()
            let x = tape.watch(Tensor([1, 2]))
            tape.reset()
            tape.backward(from: (x * tape.watch(Tensor([1, 2]))).sum)
        }
    }
}
