import Foundation
import Testing

@testable import Autograd

@Suite("Elementwise arithmetic")
struct ElementwiseTests {
    @Test("exponentials are right to the last bits, large and small")
    func exponential() {
        let x: [Float] = [-80, -20, -1, -1e-6, 0, 1e-6, 1, 20, 80]
        for (value, found) in zip(x, Tensor(x).exponential.array) {
            let expected = exp(Double(value))
            #expect(abs(Double(found) - expected) <= 1.2e-7 * expected)
        }
    }

    @Test("the logarithm of a sigmoid does not overflow")
    func logSigmoid() {
        let tape = Tape()
        let x = tape.watch(Tensor([-1e4, -100, 0, 100, 1e4]))
        let y = x.logSigmoid
        // log(1 + e⁻¹⁰⁰) is below the smallest normal number, e⁻¹⁰⁰ itself.
        #expect(y.array == [-1e4, -100, -0.6931472, -Float(exp(-100.0)), 0])
        tape.backward(from: y.sum)
        #expect(tape.gradient(of: x).array == [1, 1, 0.5, 0, 0])
    }

    @Test("log-odds are right for probabilities close to 0 and close to 1")
    func logOdds() {
        let tape = Tape()
        let x = tape.watch(Tensor([-100, -0.6931472, -1e-6]))
        let y = x.logOdds
        for (found, expected) in zip(y.array, [-100, 0, 13.8155] as [Float]) {
            #expect(abs(found - expected) < 1e-4)
        }
        tape.backward(from: y.sum)
        for (found, expected) in zip(tape.gradient(of: x).array, [1, 2, 1e6] as [Float]) {
            #expect(abs(found / expected - 1) < 1e-4)
        }
    }

    @Test("a sum of many small numbers keeps them")
    func sumInDouble() {
        // In single precision 2^24 + 1 is 2^24.
        let x = [Float(0x1p24)] + [Float](repeating: 1, count: 1000)
        #expect(Tensor(x).sum.scalar == 0x1p24 + 1000)
    }

    @Test("empty vectors have the sum 0")
    func empty() {
        #expect(Tensor([]).sum.scalar == 0)
        #expect((Tensor([]) + Tensor([])).array == [])
    }

    @Test("no gradient reaches the centre of a clip")
    func centre() {
        let tape = Tape()
        let center = tape.watch(Tensor([0, 0, 0]))
        let x = tape.watch(Tensor([-1, 0.1, 1]))
        let y = x.clipped(around: center, by: 0.5)
        #expect(y.array == [-0.5, 0.1, 0.5])
        tape.backward(from: y.sum)
        #expect(tape.gradient(of: x).array == [0, 1, 0])
        #expect(tape.gradient(of: center).array == [0, 0, 0])
    }

    @Test("different shapes are refused")
    func shapes() async {
        await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]) + Tensor([1, 2, 3]) }
        await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).sum(weights: [1]) }
    }
}
