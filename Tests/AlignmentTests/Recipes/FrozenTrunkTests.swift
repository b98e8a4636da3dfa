import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("Frozen trunk in a run")
struct FrozenTrunkTests {
    private let sequences = [[1, 2, 3], [4], [5, 6, 7, 8, 9], [10, 11]]
    /// Floats of a token.
    private let width = 16

    /// What the model's layers give now, computed apart.
    private func expected(_ model: LanguageModel, _ indices: [Int], layers: Int) -> [Float] {
        model.trunk(of: PackedSequences(indices.map { sequences[$0] }), layers: layers)
            .values.array
    }

    /// Changes what the lowest layer gives, as no run does; rows that were kept do not notice.
    private func disturb(_ model: LanguageModel) throws {
        let bias = try #require(model.parameters["transformer.h.0.mlp.c_proj.bias"])
        model.parameters.assign([Float](repeating: 1, count: width), to: bias)
    }

    private func stream(_ trunk: FrozenTrunk, _ indices: [Int]) -> ResidualStream? {
        trunk.stream(of: PackedSequences(indices.map { sequences[$0] }), keys: indices)
    }

    @Test("rows are kept, and packed in the order in which they are asked for")
    func keeps() throws {
        let model = LanguageModel.toy()
        let before = expected(model, [0, 1, 2, 3], layers: 1)
        let trunk = FrozenTrunk(model, layers: 1)
        #expect(stream(trunk, [0, 2])?.values.array == expected(model, [0, 2], layers: 1))
        #expect(trunk.keptCount == 8 * width)
        try disturb(model)
        // Rows 0 and 2 as they were, 1 and 3 as they are now.
        let now = expected(model, [0, 1, 2, 3], layers: 1)
        let mixed = try #require(stream(trunk, [3, 2, 1, 0]))
        #expect(mixed.layers == 1)
        #expect(mixed.values.shape == [11, width])
        let parts = [
            now[(9 * width)...], before[(4 * width)..<(9 * width)],
            now[(3 * width)..<(4 * width)], before[..<(3 * width)],
        ]
        #expect(mixed.values.array == Array(parts.joined()))
        #expect(trunk.keptCount == 11 * width)
    }

    @Test("no more is kept than there is room for; the rest is computed each time")
    func capacity() throws {
        let model = LanguageModel.toy()
        let trunk = FrozenTrunk(model, layers: 2, capacity: 4 * width)
        let before = expected(model, [0, 1, 2], layers: 2)
        #expect(stream(trunk, [0, 1, 2])?.values.array == before)
        #expect(trunk.keptCount == 4 * width)
        try disturb(model)
        let now = expected(model, [0, 1, 2], layers: 2)
        let found = try #require(stream(trunk, [0, 1, 2])).values.array
        #expect(found == Array(before[..<(4 * width)] + now[(4 * width)...]))

        let none = FrozenTrunk(model, layers: 2, capacity: 0)
        #expect(stream(none, [0, 1, 2])?.values.array == now)
        #expect(none.keptCount == 0)
    }

    @Test("forgotten rows are computed anew")
    func forgets() throws {
        let model = LanguageModel.toy()
        let trunk = FrozenTrunk(model, layers: 1)
        _ = stream(trunk, [0, 1])
        try disturb(model)
        trunk.removeAll()
        #expect(trunk.keptCount == 0)
        #expect(stream(trunk, [0, 1])?.values.array == expected(model, [0, 1], layers: 1))
    }

    @Test("sequences without a token take no room")
    func emptySequences() throws {
        let model = LanguageModel.toy()
        let trunk = FrozenTrunk(model, layers: 1)
        let found = try #require(
            trunk.stream(of: PackedSequences([[], [1, 2, 3], []]), keys: [7, 0, 8]))
        #expect(found.values.array == expected(model, [0], layers: 1))
        #expect(trunk.stream(of: PackedSequences([[]]), keys: [7])?.values.shape == [0, width])
        #expect(trunk.keptCount == 3 * width)
    }

    @Test("sequences that begin alike are kept whole and packed as their batch is")
    func sharedBeginnings() throws {
        let model = LanguageModel.toy()
        let trunk = FrozenTrunk(model, layers: 1)
        let beginning = Array(1...9)
        let sequences = [beginning + [10], beginning + [11, 1], beginning, beginning + [5, 5, 5]]
        func expected(_ places: [Int]) -> [Float] {
            let batch = PackedSequences(places.map { sequences[$0] })
            return model.trunk(of: batch, layers: 1).values.array
        }
        func found(_ places: [Int]) throws -> [Float] {
            let batch = PackedSequences(places.map { sequences[$0] })
            return try #require(trunk.stream(of: batch, keys: places)).values.array
        }
        #expect(try found([0, 1]) == expected([0, 1]))
        #expect(trunk.keptCount == 21 * width)
        // Kept and new ones together, in another order; another one holds the beginning.
        #expect(try found([3, 1, 2, 0]) == expected([3, 1, 2, 0]))
        try disturb(model)
        #expect(try found([1]) != expected([1]))
        #expect(trunk.keptCount == 42 * width)
    }

    @Test("without frozen layers there is no stream; more than all layers are all")
    func layerCounts() {
        let model = LanguageModel.toy()
        #expect(stream(FrozenTrunk(model, layers: 0), [0]) == nil)
        #expect(stream(FrozenTrunk(model, layers: 9), [0])?.layers == 2)
    }
}
