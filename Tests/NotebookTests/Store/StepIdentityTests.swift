import Autograd
import OrderedJSON
import Testing

@testable import Notebook

@Suite struct StepIdentityTests {
    static let engine = EngineIdentity(version: "1", build: "b", instructionSet: "i")

    static func identity(_ line: String, _ change: (inout Settings) -> Void = { _ in }) throws
        -> StepIdentity
    {
        var settings = Settings()
        change(&settings)
        return try StepIdentity(line: line, settings: settings, engine: engine)
    }

    @Test func `the same command is the same step, however it is written`() throws {
        let line = ":train reward --learning-rate 5e-4 --batch-size 8 --epochs 2"
        for other in [
            ":train reward --epochs=2 --learning-rate 0.0005 --batch-size 8",
            line + " --threads 7 --quiet --fresh --checkpoint-every 3",
            // The default, said.
            line + " --eval-fraction 0.1",
        ] { #expect(try Self.identity(other) == Self.identity(line), "\(other)") }
    }

    @Test func `whatever a result depends on makes another step`() throws {
        let line = ":votes simulate --annotators careful hurried --tie-threshold 2"
        var seen = [try Self.identity(line)]
        let engine = EngineIdentity(version: "1", build: "c", instructionSet: "i")
        for other in [
            try Self.identity(":votes simulate --annotators careful --tie-threshold 2"),
            try Self.identity(":votes simulate --annotators hurried careful --tie-threshold 2"),
            try Self.identity(":votes pairs"),
            try Self.identity(line) { $0.seed = 43 },
            try Self.identity(line) { $0.shards = 4 },
            try Self.identity(line) { $0.precision = .bf16 },
            try StepIdentity(line: line, settings: Settings(), engine: engine),
            try Self.identity(":evaluate policy --against sft"),
            try Self.identity(":evaluate sft --against policy"),
        ] {
            #expect(!seen.contains(other))
            #expect(seen.allSatisfy { $0.digest != other.digest })
            seen.append(other)
        }
    }

    @Test func `inputs belong to the key, empty slots too`() throws {
        let identity = try Self.identity(":train reward")
        var inputs = StepInputs()
        inputs.add("sft", Digest(of: "a"))
        let key = inputs.key(of: identity)
        var other = inputs
        other.add("gold", nil)
        #expect(other.key(of: identity) != key)
        // The first reading counts.
        inputs.add("sft", Digest(of: "b"))
        #expect(inputs.key(of: identity) == key)
        #expect(StepInputs(json: other.json) == other)
        #expect(StepIdentity(json: try JSON(parsing: Array(identity.json.text.utf8))) == identity)
    }

    @Test func `a key is the SHA-256 of its canonical text`() throws {
        var inputs = StepInputs()
        inputs.add("gold", nil)
        let identity = StepIdentity(
            command: "votes pairs", options: JSONObject(), arguments: [], seed: 42, shards: 8,
            precision: "f32", engine: Self.engine)
        // By hand: printf '%s' 'TEXT' | sha256sum
        let text =
            #"{"format":1,"of":{"command":"votes pairs","options":{},"arguments":[],"seed":"42","#
            + #""shards":8,"precision":"f32","engine":"1","build":"b","instruction_set":"i"},"#
            + #""inputs":{"gold":null}}"#
        #expect(inputs.key(of: identity) == Digest(of: text))
    }
}
