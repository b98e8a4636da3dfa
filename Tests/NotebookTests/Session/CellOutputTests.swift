import OrderedJSON
import Testing

@testable import Notebook

@Suite struct CellOutputTests {
    static let outputs: [(CellOutput, String)] = [
        (.text("a\n\"b\""), "{\"kind\":\"text\",\"text\":\"a\\n\\\"b\\\"\"}"),
        (.error("No."), "{\"kind\":\"error\",\"text\":\"No.\"}"),
        (
            .table(columns: ["model", "win rate"], rows: [["ppo", 0.5], ["sft", 1]]),
            "{\"kind\":\"table\",\"table\":{\"columns\":[\"model\",\"win rate\"],"
                + "\"rows\":[[\"ppo\",0.5],[\"sft\",1]]}}"
        ),
        (
            CellOutput.plot(title: "KL", x: "step", series: [("kl", [(0, 0.25)])]).varying,
            "{\"kind\":\"plot\",\"plot\":{\"title\":\"KL\",\"x\":\"step\",\"series\":"
                + "[{\"name\":\"kl\",\"points\":[[0.0,0.25]]}]},\"varies\":true}"
        ),
    ]

    @Test(arguments: outputs.indices)
    func `has a stable form that reads back`(index: Int) throws {
        let (output, text) = Self.outputs[index]
        #expect(output.json.text == text)
        #expect(CellOutput(json: try JSON(parsing: text)) == output)
    }

    @Test(arguments: ["{\"kind\":\"sound\",\"varies\":true,\"wave\":[1]}", "{\"kind\":\"text\"}"])
    func `an output of a later version is kept as it was`(text: String) throws {
        let output = CellOutput(json: try JSON(parsing: text))
        #expect(output.json.text == text)
    }
}
