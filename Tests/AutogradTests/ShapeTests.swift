import Testing

@testable import Autograd

@Suite("Shape")
struct ShapeTests {
    @Test(
        "a shape is the list of its sizes",
        arguments: [[], [5], [2, 3], [2, 3, 4], [2, 0, 4, 5]])
    func list(sizes: [Int]) {
        let shape = Shape(sizes)
        #expect(Array(shape) == sizes)
        #expect(shape.description == "\(sizes)")
        #expect(shape.elementCount == sizes.reduce(1, *))
        #expect(shape.rows == sizes.dropLast().reduce(1, *))
        #expect(shape.columns == sizes.last ?? 1)
    }

    @Test("however it is made it is the same")
    func equality() {
        #expect(Shape() == [] && Shape(5) == [5] && Shape(2, 3) == [2, 3])
        #expect(Shape(2, 3) != Shape(3, 2))
        // Equal sizes of the missing dimensions do not make them present.
        #expect(Shape(5) != Shape(5, 1) && Shape() != Shape(1))
    }

    @Test("five dimensions, and one that is not there, are refused")
    func refusals() async {
        await #expect(processExitsWith: .failure) { _ = Shape([1, 1, 1, 1, 1]) }
        await #expect(processExitsWith: .failure) { _ = Shape(2, 3)[2] }
    }
}
