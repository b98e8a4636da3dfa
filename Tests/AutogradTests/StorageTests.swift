import Testing

@testable import Autograd

/// Exit tests run in a process of their own, where no other test asks the pool for memory.
@Suite("Memory pool")
struct StorageTests {
    @Test("a size class holds the count, in whole cache lines, with at most a quarter of slack")
    func sizeClasses() {
        for count in [0, 1, 15, 16, 17, 100, 1000, 1025, 4097, 1_000_000] {
            let size = MemoryPool.sizeClass(for: count)
            #expect(size >= max(16, count) && size.isMultiple(of: 16))
            #expect(Double(size) <= 1.25 * Double(max(16, count + 15)))
            #expect(MemoryPool.sizeClass(for: size) == size)
        }
    }

    @Test("memory starts on a cache line", arguments: [1, 17, 1000])
    func alignment(count: Int) {
        let storage = MemoryPool.storage(for: count)
        #expect(unsafe UInt(bitPattern: storage.pointer).isMultiple(of: 64))
    }

    @Test("memory that was let go of is used again")
    func recycles() async {
        await #expect(processExitsWith: .success) {
            _ = Tensor(zeros: [1000])
            let before = MemoryPool.allocatedBytes
            for _ in 0..<10 { _ = Tensor(zeros: [1000]) }
            #expect(MemoryPool.allocatedBytes == before)
            let held = [Tensor(zeros: [1000]), Tensor(zeros: [1000])]
            #expect(MemoryPool.allocatedBytes == before + 4 * MemoryPool.sizeClass(for: 1000))
            #expect(held.count == 2)
        }
    }

    @Test("memory that no tensor uses can be given back")
    func releases() async {
        await #expect(processExitsWith: .success) {
            let held = Tensor([Float](repeating: 7, count: 1000))
            let before = MemoryPool.allocatedBytes
            for count in [1000, 5000] { _ = Tensor(zeros: [count]) }
            #expect(MemoryPool.allocatedBytes > before)
            MemoryPool.releaseUnused()
            #expect(MemoryPool.allocatedBytes == before)
            #expect(held.array == [Float](repeating: 7, count: 1000))
            #expect(Tensor(zeros: [1000]).array == [Float](repeating: 0, count: 1000))
            #expect(MemoryPool.allocatedBytes == before + MemoryPool.bytes(forFloats: 1000))
        }
    }

    @Test("of thousands of small tensors at most an eighth more is made than was held at once")
    func manyHeld() async {
        await #expect(processExitsWith: .success) {
            var held: [Tensor] = []
            for i in 0..<20_000 { held.append(Tensor(Float(i))) }
            // An eighth more than was ever held at most.
            #expect(MemoryPool.allocatedBytes <= 64 * (20_000 * 9 / 8 + 16))
            #expect(held.indices.allSatisfy { held[$0].scalar == Float($0) })
            let before = MemoryPool.allocatedBytes
            held = []
            for i in 0..<20_000 { held.append(Tensor(Float(i))) }
            #expect(MemoryPool.allocatedBytes == before)
            #expect(held.indices.allSatisfy { held[$0].scalar == Float($0) })
        }
    }

    @Test("what other threads let go of is used again, by one tensor at a time")
    func threads() async {
        await #expect(processExitsWith: .success) {
            let plan = ParallelPlan(shards: 64, threads: 4)
            for _ in 0..<20 {
                let sums = plan.map(64) { shard -> Float in
                    let tensors = (0..<50).map { _ in
                        Tensor([Float](repeating: Float(shard), count: 100))
                    }
                    return tensors.reduce(0) { $0 + $1.array.reduce(0, +) }
                }
                #expect(sums == (0..<64).map { Float($0) * 5000 })
            }
            #expect(MemoryPool.allocatedBytes <= 8 * 50 * 112 * 4 * 9 / 8)
        }
    }

    @Test("a tensor that is still held is not overwritten by a later one")
    func holds() {
        let held = Tensor([Float](repeating: 7, count: 64))
        for _ in 0..<100 { _ = Tensor([Float](repeating: 1, count: 64)) }
        #expect(held.array == [Float](repeating: 7, count: 64))
    }

    @Test("a training step allocates nothing new after the first")
    func stepsAllocateNothing() async {
        await #expect(processExitsWith: .success) {
            let step = TrainingStepExample(plan: ParallelPlan(shards: 3, threads: 1))
            var allocated: [Int] = []
            for _ in 0..<5 {
                step.run()
                allocated.append(MemoryPool.allocatedBytes)
            }
            #expect(Set(allocated.dropFirst()).count == 1, "\(allocated)")
        }
    }

    @Test("walking a tape frees every intermediate value")
    func tapeFreesValues() async {
        await #expect(processExitsWith: .success) {
            func run() {
                let tape = Tape()
                var y = tape.watch(Tensor(zeros: [1000]))
                for _ in 0..<50 { y = y + 1 }
                tape.backward(from: y.sum)
            }
            run()
            let before = MemoryPool.allocatedBytes
            for _ in 0..<10 { run() }
            #expect(MemoryPool.allocatedBytes == before)
        }
    }
}
