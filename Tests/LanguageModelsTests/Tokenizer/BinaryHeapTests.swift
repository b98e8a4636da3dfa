import Testing

@testable import LanguageModels

@Suite struct BinaryHeapTests {
    @Test func elementsComeOutSmallestFirst() {
        for count in [0, 1, 2, 3, 10, 257] {
            let numbers = (0..<count).map { $0 * 7919 % 101 }
            var heap = BinaryHeap<Int>()
            for number in numbers { heap.insert(number) }
            var popped: [Int] = []
            while let number = heap.popSmallest() { popped.append(number) }
            #expect(popped == numbers.sorted())
            #expect(heap.isEmpty)
        }
    }
}
