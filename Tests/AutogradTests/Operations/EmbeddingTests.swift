import Testing

@testable import Autograd

@Suite("Embedding and rows")
struct EmbeddingTests {
    @Test("a row is the token's vector plus the position's")
    func sum() {
        let y = embedding(
            tokens: [1, 0, 1], positions: [0, 1, 1],
            tokenTable: Tensor([1, 2, 10, 20], shape: [2, 2]),
            positionTable: Tensor([100, 200, 1000, 2000], shape: [2, 2]))
        #expect(y.array == [110, 220, 1001, 2002, 1010, 2020])
    }

    @Test("tokens and positions outside the tables are refused", arguments: [-1, 2])
    func outside(token: Int) async {
        await #expect(processExitsWith: .failure) { [token] in
            _ = embedding(
                tokens: [token], positions: [0], tokenTable: Tensor(zeros: [2, 3]),
                positionTable: Tensor(zeros: [2, 3]))
        }
        await #expect(processExitsWith: .failure) { [token] in
            _ = embedding(
                tokens: [0], positions: [token], tokenTable: Tensor(zeros: [2, 3]),
                positionTable: Tensor(zeros: [2, 3]))
        }
    }

    @Test("no rows can be picked, and give no gradient")
    func noRows() {
        let tape = Tape()
        let x = tape.watch(Tensor(normals(6, "x"), shape: [2, 3]))
        let picked = rows(of: x, at: [])
        #expect(picked.shape == [0, 3])
        tape.backward(from: picked.sum)
        #expect(tape.gradient(of: x).array == [0, 0, 0, 0, 0, 0])
    }

    @Test("a row outside the tensor is refused")
    func rowOutside() async {
        await #expect(processExitsWith: .failure) { _ = rows(of: Tensor(zeros: [2, 3]), at: [2]) }
    }
}
