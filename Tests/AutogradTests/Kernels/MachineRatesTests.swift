import Testing

@testable import Autograd

@Suite struct MachineRatesTests {
    /// A clock that moves by a second at each look.
    private final class Ticks {
        private var time = 0.0
        func next() -> Double {
            time += 1
            return time
        }
    }

    @Test func theThreeProductsOfALinearMapHaveTheSameOperations() {
        let products = MachineRates.Product.training(rows: 3, inputs: 5, outputs: 7)
        #expect(products.map(\.operations) == [210, 210, 210])
        #expect(products.map(\.rows) == [3, 3, 5])
        #expect(products.map(\.columns) == [7, 5, 7])
    }

    @Test func aRateIsOperationsOfAllThreadsByTime() {
        let products = MachineRates.Product.training(rows: 3, inputs: 5, outputs: 7)
        let clock = Ticks()
        let rates = MachineRates.productRates(
            products, threads: 2, repetitions: 3, clock: clock.next)
        #expect(rates == [1260, 1260, 1260])
    }

    @Test func readingCountsTheBytesOfAllThreads() {
        let clock = Ticks()
        let rates = MachineRates.readRates(
            bytes: 4096, threads: 2, repetitions: 2, clock: clock.next)
        #expect(rates == [4096, 4096])
    }
}
