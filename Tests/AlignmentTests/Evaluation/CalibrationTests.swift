import Testing

@testable import Alignment

@Suite("Calibration of a reward model")
struct CalibrationTests {
    @Test("a model sure at 0.75 and right three times in four is calibrated")
    func calibrated() {
        let ln3: Float = 1.0986123
        let found = Calibration(margins: [ln3, ln3, ln3, -ln3])
        #expect(found.bins.count == 1)
        #expect(found.expectedError < 1e-6)
    }

    @Test("a model that is sure and wrong is off by its whole confidence")
    func wrong() {
        let found = Calibration(margins: [-50, -50])
        #expect(abs(found.expectedError - 1) < 1e-9)
        #expect(found.bins.first?.accuracy == 0)
    }

    @Test("a model that never decides is right half the time")
    func undecided() {
        let found = Calibration(margins: [0, 0, 0])
        #expect(found.expectedError == 0 && found.bins.first?.confidence == 0.5)
    }

    @Test("agrees with NumPy")
    func reference() throws {
        for example in try LossFixture.load().calibration {
            let found = Calibration(margins: example.margins, binCount: example.binCount)
            #expect(abs(found.expectedError - example.expectedError) < 1e-5)
            #expect(found.bins.map(\.count) == example.counts.filter { $0 > 0 })
        }
    }

    @Test("margins that are not numbers are left out; without any there is no error to give")
    func degenerate() {
        #expect(Calibration(margins: [.nan, 1]).bins.map(\.count) == [1])
        #expect(Calibration(margins: []).expectedError.isNaN)
        #expect(Calibration(margins: [.infinity]).bins.map(\.confidence) == [1])
    }
}
