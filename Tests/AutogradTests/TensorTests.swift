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

    @Test("wrong sizes are refused")
    func refusals() async {
        await #expect(processExitsWith: .failure) { _ = Tensor([1, 2, 3], shape: [2, 2]) }
        await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).scalar }
    }
}
