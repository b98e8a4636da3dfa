import OrderedJSON
import Testing

@testable import Notebook

@Suite struct CellTests {
    static var cell: Cell {
        var cell = Cell(id: "sft", number: 3, source: ":train sft")
        cell.state = .ok
        cell.outputs = [.text("loss 2.0"), .text("12 s").varying, .text("done")]
        cell.seconds = 12
        cell.writes = ["policy": Digest(of: "a"), "sft": Digest(of: "b")]
        cell.metrics = Digest(of: "m")
        return cell
    }

    @Test func `time, place and speed are not compared`() {
        var other = Self.cell
        other.number = 7
        other.seconds = 99
        other.began = "yesterday"
        other.outputs[1] = .text("99 s").varying
        other.details["path"] = "/elsewhere"
        other.reads = ["demos": Digest(of: "d")]
        other.state = .stale
        #expect(Self.cell.comparable == other.comparable)
        #expect(Self.cell.comparable.differences(from: other.comparable).isEmpty)
    }

    @Test func `every other difference is named`() {
        var other = Self.cell
        other.source = ":train reward"
        other.state = .failed
        other.writes["policy"] = nil
        other.writes["sft"] = Digest(of: "c")
        other.writes["reward"] = Digest(of: "r")
        other.metrics = nil
        other.outputs[2] = .text("finished")
        #expect(
            Self.cell.comparable.differences(from: other.comparable) == [
                .source, .status(.ok, .failed), .slot("policy", Digest(of: "a"), nil),
                .slot("sft", Digest(of: "b"), Digest(of: "c")),
                .slot("reward", nil, Digest(of: "r")), .metrics(Digest(of: "m"), nil), .output(1),
            ])
    }

    @Test func `an output more is a difference`() {
        var other = Self.cell
        other.outputs.append(.error("late"))
        #expect(Self.cell.comparable.differences(from: other.comparable) == [.output(2)])
    }
}
