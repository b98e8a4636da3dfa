import Testing

@testable import Autograd

@Suite("Dropout")
struct DropoutTests {
    private func stream(step: Int = 0, sample: Int = 0) -> RandomStream {
        RandomStream(seed: 3, purpose: .dropout, step: step, sample: sample)
    }

    @Test("the share of zeros is the probability, and the mean stays")
    func share() {
        let x = Tensor([Float](repeating: 2, count: 20_000))
        let y = dropout(x, probability: 0.25, random: stream()).array
        let zeros = Double(y.count { $0 == 0 }) / 20_000
        // Four standard deviations of a share of 20,000.
        #expect(abs(zeros - 0.25) < 4 * (0.25 * 0.75 / 20_000).squareRoot())
        #expect(y.allSatisfy { $0 == 0 || $0 == 2 / 0.75 })
    }

    @Test("a stream has its mask, whatever is computed beside it")
    func isCounterBased() {
        let x = Tensor(normals(100, "x"))
        let one = dropout(x, probability: 0.5, random: stream(step: 1)).array
        #expect(one == dropout(x, probability: 0.5, random: stream(step: 1)).array)
        #expect(one != dropout(x, probability: 0.5, random: stream(step: 2)).array)
        #expect(one != dropout(x, probability: 0.5, random: stream(step: 1, sample: 1)).array)
        #expect(dropout(x, probability: 0, random: stream()).array == x.array)
    }

    @Test("the gradient passes where the value does, with the same factor")
    func gradient() {
        let tape = Tape()
        let x = tape.watch(Tensor([Float](repeating: 1, count: 50)))
        let y = dropout(x, probability: 0.4, random: stream())
        tape.backward(from: y.sum)
        #expect(tape.gradient(of: x).array == y.array)
    }
}
