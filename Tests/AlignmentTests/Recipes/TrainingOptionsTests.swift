import Autograd
import Testing

@testable import Alignment

@Suite("Training options")
struct TrainingOptionsTests {
    @Test("epochs are counted in batches, the last one smaller; parts of an epoch round up")
    func length() {
        typealias Length = TrainingOptions.Length
        #expect(Length.epochs(1).steps(rows: 10, batchSize: 4) == 3)
        #expect(Length.epochs(2).steps(rows: 10, batchSize: 4) == 6)
        #expect(Length.epochs(0.5).steps(rows: 10, batchSize: 4) == 2)
        #expect(Length.epochs(0.01).steps(rows: 10, batchSize: 4) == 1)
        #expect(Length.steps(7).steps(rows: 10, batchSize: 4) == 7)
    }

    @Test("every epoch visits every row once, each in an order of its own")
    func epochs() {
        let order = DataOrder(count: 20, shuffles: true, seed: 1)
        for epoch in 0..<3 { #expect(order.epoch(epoch).sorted() == Array(0..<20)) }
        #expect(order.epoch(0) != order.epoch(1))
        #expect(order.epoch(0) != Array(0..<20))
        #expect(order.epoch(1) == DataOrder(count: 20, shuffles: true, seed: 1).epoch(1))
        #expect(order.epoch(1) != DataOrder(count: 20, shuffles: true, seed: 2).epoch(1))
    }

    @Test("without shuffling the order is the file's")
    func fileOrder() {
        let order = DataOrder(count: 5, shuffles: false, seed: 1)
        #expect(order.epoch(3) == [0, 1, 2, 3, 4])
        #expect(order.rows(from: 3, size: 4) == [3, 4, 0, 1])
    }

    @Test("rows taken in pieces are the epochs one after the other")
    func pieces() {
        let order = DataOrder(count: 7, shuffles: true, seed: 3)
        let whole = (0..<4).flatMap { order.epoch($0) }
        let pieces = (0..<7).flatMap { order.rows(from: $0 * 4, size: 4) }
        #expect(pieces == whole)
        #expect(order.rows(from: 2, size: 20) == Array(whole[2..<22]))
    }
}
