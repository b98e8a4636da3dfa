import Autograd
import Testing

@testable import Notebook

/// In processes of their own, where nothing else asks for memory.
@Suite struct PeakMemoryTests {
    @Test func whatWasHeldForAMomentIsSeen() async {
        await #expect(processExitsWith: .success) {
            PeakMemory.reset()
            let before = try #require(PeakMemory.bytes)
            #expect(Tensor(zeros: [25_000_000]).count == 25_000_000)
            let during = try #require(PeakMemory.bytes)
            #expect(during - before > 90 * 1_000_000)
            PeakMemory.reset()
            let after = try #require(PeakMemory.bytes)
            #expect(after - before < 10 * 1_000_000, "the tensor's memory was given back")
        }
    }
}
