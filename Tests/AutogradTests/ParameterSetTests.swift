import Testing

@testable import Autograd

@Suite("Parameter set")
struct ParameterSetTests {
    private let set = ParameterSet([("a", [3, 5]), ("b", [16]), ("c", [1]), ("d", [17])])

    @Test("parameters start on cache lines, in order, without overlap")
    func layout() {
        #expect(set.parameters.map(\.name) == ["a", "b", "c", "d"])
        #expect(set.parameters.map(\.offset) == [0, 16, 32, 48])
        #expect(set.flatCount == 80)
        #expect(set.parameterCount == 15 + 16 + 1 + 17)
        #expect(set["c"]?.shape == [1])
        #expect(set["e"] == nil)
    }

    @Test("a new set is zero, and an assigned parameter changes no other")
    func assign() throws {
        #expect(set.flatValues == [Float](repeating: 0, count: 80))
        let b = try #require(set["b"])
        set.assign((1...16).map { Float($0) }, to: b)
        #expect(set[b].array == (1...16).map { Float($0) })
        #expect(set.flatValues.filter { $0 != 0 }.count == 16)
    }

    @Test("a copy is independent")
    func copy() throws {
        let c = try #require(set["c"])
        set.assign([3], to: c)
        let copy = ParameterSet(copying: set)
        set.assign([4], to: c)
        #expect(copy[c].scalar == 3)
        #expect(copy.parameters == set.parameters)
    }

    @Test("all values together come back as they were")
    func flatValues() {
        let other = ParameterSet([("a", [3, 5]), ("b", [16]), ("c", [1]), ("d", [17])])
        set.flatValues = normals(80, "flat")
        other.flatValues = set.flatValues
        #expect(other.flatValues == normals(80, "flat"))
    }

    @Test("gradients go to the parameter's buffer; those below the first trainable one stay away")
    func weights() throws {
        let buffer = GradientBuffer(for: set)
        let (a, b) = (try #require(set["a"]), try #require(set["b"]))
        let tape = Tape()
        let weights = Weights(set, tape: tape, gradients: buffer, firstTrainable: b.offset)
        #expect(weights[a].node == nil)
        let loss = weights[a].sum + weights[b].sum + 2 * weights[b].sum
        tape.backward(from: loss)
        #expect(buffer[a].array == [Float](repeating: 0, count: 15))
        #expect(buffer[b].array == [Float](repeating: 3, count: 16))
        #expect(Weights(set)[b].node == nil)
    }

    @Test("too few values are refused")
    func refusals() async {
        await #expect(processExitsWith: .failure) {
            let set = ParameterSet([("a", [2])])
            set.assign([1], to: set.parameters[0])
        }
    }
}
