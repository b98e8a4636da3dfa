import Autograd
import Testing

@testable import Alignment

@Suite("Buffer demand")
struct BufferDemandTests {
    private func demand(_ buffers: (Int, Int)...) -> BufferDemand {
        var demand = BufferDemand()
        for (number, floats) in buffers { demand.hold(number, floats: floats) }
        return demand
    }

    @Test("buffers that are held together add up")
    func holds() {
        #expect(demand((3, 1024)).bytes == 3 * 4096)
        #expect(demand((1, 1024), (1, 1024), (2, 64)).bytes == 2 * 4096 + 2 * 256)
        #expect(demand((0, 1024), (1, 0)).bytes == 0)
    }

    @Test("the pool's size classes are counted, not the floats")
    func sizeClasses() {
        #expect(demand((1, 1025)).bytes == MemoryPool.bytes(forFloats: 1025))
        #expect(demand((1, 1025)).bytes > 4 * 1025)
    }

    @Test("a later phase uses the buffers of an earlier one again, size by size")
    func phases() {
        var phases = demand((3, 1024), (1, 64))
        phases.formUnion(demand((2, 1024), (2, 64), (1, 4096)))
        #expect(phases == demand((3, 1024), (2, 64), (1, 4096)))
    }

    @Test("threads and models at work together hold theirs apart")
    func sums() {
        #expect(2 * demand((3, 1024)) == demand((6, 1024)))
        #expect(demand((1, 1024)) + demand((2, 1024), (1, 64)) == demand((3, 1024), (1, 64)))
    }
}
