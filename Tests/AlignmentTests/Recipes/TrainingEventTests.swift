import Testing

@testable import Alignment

@Suite("Training events")
struct TrainingEventTests {
    @Test("a metric row keeps its order and finds values by key")
    func row() {
        var row = MetricRow(step: 3, [("loss", 0.5), ("a", 1)])
        row.append("b", 2)
        #expect(row.step == 3)
        #expect(row.entries.map(\.key) == ["loss", "a", "b"])
        #expect(row["b"] == 2 && row["c"] == nil)
        #expect(row.dictionary == ["loss": 0.5, "a": 1, "b": 2])
    }

    @Test("a checkpoint finds its tensors and numbers by name")
    func checkpoint() {
        let checkpoint = TrainingCheckpoint(
            step: 2, tensors: [.init(name: "w", values: [1, 2])],
            numbers: [.init(name: "n", value: 0.5)])
        #expect(checkpoint[tensor: "w"] == [1, 2] && checkpoint[tensor: "v"] == nil)
        #expect(checkpoint[number: "n"] == 0.5 && checkpoint[number: "m"] == nil)
    }
}
