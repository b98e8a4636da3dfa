/// The sizes of a tensor's dimensions, at most four, kept in place. Made of numbers, as `Shape(2, 3)`, it
/// asks for no memory; a literal, as `[2, 3]`, may.
public struct Shape: Sendable, Equatable, RandomAccessCollection {
    /// Dimensions that a shape has no more of are 1.
    private var sizes: InlineArray<4, Int> = [1, 1, 1, 1]
    private var rank = 0

    /// The shape of a scalar.
    public init() {}

    /// The shape of a vector.
    public init(_ count: Int) {
        sizes[0] = count
        rank = 1
    }

    /// The shape of a matrix.
    public init(_ rows: Int, _ columns: Int) {
        sizes[0] = rows
        sizes[1] = columns
        rank = 2
    }

    /// The shape with these sizes of its dimensions.
    public init(_ dimensions: [Int]) {
        precondition(
            dimensions.count <= 4, "Shape: \(dimensions.count) dimensions, at most 4 are possible")
        for place in dimensions.indices { sizes[place] = dimensions[place] }
        rank = dimensions.count
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { rank }

    public subscript(dimension: Int) -> Int {
        precondition(dimension >= 0 && dimension < rank, "Shape: dimension \(dimension) of \(self)")
        return sizes[dimension]
    }

    /// The number of elements.
    var elementCount: Int { sizes[0] * sizes[1] * sizes[2] * sizes[3] }

    /// The length of a row: the last dimension, 1 for a scalar.
    var columns: Int { rank == 0 ? 1 : sizes[rank - 1] }

    /// The number of rows: all dimensions but the last, multiplied.
    var rows: Int {
        var rows = 1
        for dimension in 0..<Swift.max(0, rank - 1) { rows *= sizes[dimension] }
        return rows
    }

    public static func == (a: Shape, b: Shape) -> Bool {
        a.rank == b.rank && a.sizes[0] == b.sizes[0] && a.sizes[1] == b.sizes[1]
            && a.sizes[2] == b.sizes[2] && a.sizes[3] == b.sizes[3]
    }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible {
    public init(arrayLiteral dimensions: Int...) { self.init(dimensions) }

    public var description: String { "\(Array(self))" }
}
