import Foundation
import Testing

@testable import Autograd

@Suite("Attention kernels")
struct AttentionKernelsTests {
    @Test(
        "probabilities are causal, sum to 1 and agree with double precision", arguments: [0, 1, 4])
    func probabilities(before: Int) {
        let (length, size, stride) = (9, 5, 17)
        let memory = Tensor(normals(length * stride, "qkv"))
        let values = memory.array
        let head = unsafe AttentionHead(
            query: memory.pointer + before * stride, stride: stride, key: memory.pointer + 5,
            value: memory.pointer + 10, keyStride: stride, before: before, size: size, scale: 0.4)
        let (first, rows) = (4, 5)
        let scores = Tensor([Float](repeating: .nan, count: rows * length))
        unsafe causalProbabilities(head, first: first - before, rows: rows, into: scores.pointer)
        for row in 0..<rows {
            let query = first + row
            let weights = (0...query).map { key in
                exp(
                    (0..<size).reduce(0.0) {
                        let product = values[query * stride + $1] * values[key * stride + 5 + $1]
                        return $0 + 0.4 * Double(product)
                    })
            }
            let sum = weights.reduce(0, +)
            let expected = weights.map { Float($0 / sum) }
            let line = Array(scores.array[(row * length)..<((row + 1) * length)])
            expectClose(Array(line[...query]), expected, within: 1e-6)
            #expect(line[(query + 1)...].allSatisfy { $0 == 0 })
        }
    }
}
