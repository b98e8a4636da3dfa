import OrderedJSON
import Testing

@testable import Notebook

@Suite struct MetricSeriesTests {
    static func row(_ step: Int, loss: Double, speed: Double = 1000) -> MetricRow {
        MetricRow(step: step, values: [("loss", loss), ("tokens_per_second", speed)])
    }

    @Test func `a row has the shape that scripts read`() throws {
        let row = MetricRow(
            step: 3, values: [("loss", 2.5), ("kl", .nan), ("step_seconds", 0.125)])
        #expect(row.json.text == "{\"step\":3,\"loss\":2.5,\"kl\":null,\"step_seconds\":0.125}")
        #expect(row.comparableJSON.text == "{\"step\":3,\"loss\":2.5,\"kl\":null}")
        let read = try MetricRow(json: row.json)
        #expect(read["loss"] == 2.5)
        #expect(read["kl"]?.isNaN == true)
        #expect(read.json.text == row.json.text)
    }

    @Test func `what is written is read`() throws {
        let folder = try TemporaryFolder()
        let writer = try MetricWriter(path: folder("metrics/c-1.jsonl"))
        for step in 1...3 { writer.append(Self.row(step, loss: 1 / Double(step))) }
        let digest = writer.finish()
        let series = try MetricSeries(path: folder("metrics/c-1.jsonl"))
        #expect(series.names == ["loss", "tokens_per_second"])
        #expect(series.points(of: "loss").map(\.value) == [1, 0.5, 1.0 / 3])
        #expect(series.last("loss") == 1.0 / 3)
        #expect(series.last("kl") == nil)
        #expect(series.digest == digest)
    }

    @Test func `the digest does not depend on the speed, but on every value`() {
        let series = MetricSeries(rows: [Self.row(1, loss: 2)])
        let text = "{\"step\":1,\"loss\":2.0}\n"
        #expect(series.digest == Digest(of: text))
        #expect(MetricSeries(rows: [Self.row(1, loss: 2, speed: 9)]).digest == series.digest)
        let next = MetricSeries(rows: [Self.row(1, loss: 2.0.nextUp)])
        #expect(next.digest != series.digest)
    }

    @Test func `a resumed run has the digest of an uninterrupted one`() throws {
        let folder = try TemporaryFolder()
        let whole = try MetricWriter(path: folder("whole.jsonl"))
        for step in 1...6 { whole.append(Self.row(step, loss: 0.1 * Double(step))) }

        let first = try MetricWriter(path: folder("cut.jsonl"))
        for step in 1...5 { first.append(Self.row(step, loss: 0.1 * Double(step), speed: 5)) }
        // The program ends while it writes a row; the checkpoint is that of step 3.
        try folder.write("cut.jsonl", folder.read("cut.jsonl").dropLast(10))
        let second = try MetricWriter(path: folder("cut.jsonl"), keepingThroughStep: 3)
        #expect(second.rowCount == 3)
        for step in 4...6 { second.append(Self.row(step, loss: 0.1 * Double(step), speed: 7)) }
        #expect(second.finish() == whole.finish())
        #expect(try MetricSeries(path: folder("cut.jsonl")).rows.map(\.step) == [1, 2, 3, 4, 5, 6])
    }

    @Test func `a run from the start forgets the rows that were there`() throws {
        let folder = try TemporaryFolder()
        try MetricWriter(path: folder("m.jsonl")).append(Self.row(1, loss: 1))
        _ = try MetricWriter(path: folder("m.jsonl"))
        #expect(try MetricSeries(path: folder("m.jsonl")).rows.isEmpty)
    }

    @Test func `every prefix of a file is read up to its torn end`() throws {
        let folder = try TemporaryFolder()
        let lines = [Self.row(1, loss: 1), Self.row(2, loss: 2)].map {
            Array(($0.json.text + "\n").utf8)
        }
        let bytes = lines[0] + lines[1]
        for length in 0...bytes.count {
            try folder.write("m.jsonl", Array(bytes[..<length]))
            let series = try MetricSeries(path: folder("m.jsonl"))
            let complete = [lines[0].count, bytes.count].filter { length >= $0 - 1 }.count
            #expect(series.rows.count == complete, "\(length) bytes")
        }
    }

    @Test(arguments: [
        ("{\"step\":1,\"loss\":\"low\"}", "\"loss\" is a number, this is a string"),
        ("{\"loss\":1}", "the row has no integer \"step\""),
        ("[1]", "a row is an object, this is an array"),
    ])
    func `a damaged row is named with its line`(text: String, problem: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("m.jsonl", Array("{\"step\":0}\n\n\(text)\n{\"step\":2}\n".utf8))
        #expect(
            throws: SessionError.damagedMetrics(
                path: folder("m.jsonl"), line: 3, problem: problem)
        ) { try MetricSeries(path: folder("m.jsonl")) }
    }
}
