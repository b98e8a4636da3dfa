import Testing

@testable import TerminalUI

struct DurationFormatTests {
    @Test(arguments: [
        (0.0, "0.0 ms"), (0.0003, "0.3 ms"), (0.0123, "12 ms"), (0.9994, "999 ms"),
        (0.9996, "1.0 s"), (4.24, "4.2 s"), (59.96, "1 min 00 s"), (75.2, "1 min 15 s"),
        (3599.6, "1 h 00 min"), (7500.0, "2 h 05 min"), (Double.nan, "NaN s"),
    ])
    func durationsHaveTheirUnit(seconds: Double, text: String) {
        #expect(formatted(seconds: seconds) == text)
    }

    @Test func clocksCountMinutesAndHours() {
        #expect(formatted(clock: 2) == "0:02")
        #expect(formatted(clock: 75.4) == "1:15")
        #expect(formatted(clock: 3725) == "1:02:05")
        #expect(formatted(clock: .infinity) == "?")
        #expect(formatted(clock: 1e300) == "?")
    }
}
