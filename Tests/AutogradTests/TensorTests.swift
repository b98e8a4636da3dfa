import Testing

@testable import Autograd

@Suite("Tensor")
struct TensorTests {
    @Test("rows are all dimensions but the last")
    func rowsAndColumns() {
        let tensor = Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4])
        #expect(tensor.count == 24 && tensor.rows == 6 && tensor.columns == 4)
        let scalar = Tensor([5], shape: [])
        #expect(scalar.count == 1 && scalar.rows == 1 && scalar.columns == 1 && scalar.scalar == 5)
        #expect(Tensor(zeros: [0, 3]).count == 0)
    }

    @Test("values come out as they went in", arguments: [0, 1, 15, 16, 17, 33])
    func roundTrip(count: Int) {
        let values = normals(count, "values")
        #expect(Tensor(values).array == values)
        #expect(Tensor(zeros: [count]).array == [Float](repeating: 0, count: count))
    }

    @Test("stacked rows stand one below the other, in order, and belong to no tape")
    func stacking() {
        let tape = Tape()
        let first = tape.watch(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]))
        let stacked = Tensor(stacking: [
            first, Tensor(zeros: [0, 3]), Tensor([7, 8, 9], shape: [1, 3]),
        ])
        #expect(stacked.shape == [3, 3])
        #expect(stacked.array == [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(stacked.node == nil)
        #expect(Tensor(stacking: []).count == 0)
    }

    @Test("wrong sizes are refused")
    func refusals() async {
        await #expect(processExitsWith: .failure) { _ = Tensor([1, 2, 3], shape: [2, 2]) }
        await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).scalar }
        await #expect(processExitsWith: .failure) {
            _ = Tensor(stacking: [Tensor(zeros: [1, 2]), Tensor(zeros: [1, 3])])
        }
    }
}
