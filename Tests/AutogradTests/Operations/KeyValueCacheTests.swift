import Testing

@testable import Autograd

@Suite("Key/value cache")
struct KeyValueCacheTests {
    private let heads = 3
    private let width = 15

    /// `[count, 3 · width]` rows of `values` from `first`.
    private func rows(_ values: [Float], _ first: Int, _ count: Int) -> Tensor {
        let row = 3 * width
        return Tensor(Array(values[(first * row)..<((first + count) * row)]), shape: [count, row])
    }

    @Test("decoding token by token gives causal attention", arguments: [1, 5, 32])
    func equalsCausalAttention(promptLength: Int) {
        let length = 33
        let values = normals(length * 3 * width, "qkv")
        let whole = causalAttention(rows(values, 0, length), lengths: [length], heads: heads).array
        let cache = KeyValueCache(layers: 2, slots: 1, capacity: length, width: width, heads: heads)
        cache.append(rows(values, 0, promptLength), layer: 1, slots: [0], counts: [promptLength])
        cache.advance(slots: [0], counts: [promptLength])
        for position in promptLength..<length {
            let token = rows(values, position, 1)
            cache.append(token, layer: 1, slots: [0], counts: [1])
            let y = cache.attend(token, layer: 1, slots: [0]).array
            cache.advance(slots: [0], counts: [1])
            expectClose(y, Array(whole[(position * width)..<((position + 1) * width)]))
        }
        #expect(cache.lengths == [length])
    }

    @Test("slots and layers do not touch each other, and finished slots may be left out")
    func slotsAreApart() {
        let values = normals(12 * 3 * width, "qkv")
        // Slot 2 alone, as the reference.
        let alone = KeyValueCache(layers: 1, slots: 1, capacity: 4, width: width, heads: heads)
        alone.append(rows(values, 7, 3), layer: 0, slots: [0], counts: [3])
        alone.advance(slots: [0], counts: [3])
        alone.append(rows(values, 11, 1), layer: 0, slots: [0], counts: [1])
        let expected = alone.attend(rows(values, 11, 1), layer: 0, slots: [0]).array

        let cache = KeyValueCache(layers: 2, slots: 3, capacity: 6, width: width, heads: heads)
        cache.append(rows(values, 0, 10), layer: 1, slots: [0, 1, 2], counts: [5, 2, 3])
        cache.append(
            rows(normals(10 * 3 * width, "z"), 0, 10), layer: 0, slots: [0, 1, 2],
            counts: [5, 2, 3])
        cache.advance(slots: [0, 1, 2], counts: [5, 2, 3])
        // Slot 1 has ended; 0 and 2 go on.
        cache.append(rows(values, 10, 2), layer: 1, slots: [0, 2], counts: [1, 1])
        let y = cache.attend(rows(values, 10, 2), layer: 1, slots: [0, 2]).array
        #expect(Array(y[width...]).map(\.bitPattern) == expected.map(\.bitPattern))
    }

    @Test("more tokens than there is room for are refused")
    func overflow() async {
        await #expect(processExitsWith: .failure) {
            let cache = KeyValueCache(layers: 1, slots: 1, capacity: 16, width: 3, heads: 1)
            cache.append(Tensor(zeros: [17, 9]), layer: 0, slots: [0], counts: [17])
        }
    }
}
