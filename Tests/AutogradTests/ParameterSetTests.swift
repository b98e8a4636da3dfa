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

    private func adapted(_ base: ParameterSet) throws -> ParameterSet {
        let a = try #require(base["a"])
        return ParameterSet(over: base, [("a.down", [3, 2]), ("a.up", [2, 5]), ("b", [16])]) {
            [LowRankUpdate(weight: a, down: $0[0], up: $0[1], scale: 0.5)]
        }
    }

    @Test(
        "a set over another one shares its memory, goes before it, and counts places on from its end"
    )
    func overABase() throws {
        set.flatValues = normals(80, "flat")
        let over = try adapted(set)
        #expect(over.parameters.map(\.name) == ["a", "c", "d", "a.down", "a.up", "b"])
        #expect(over.own.map(\.offset) == [80, 96, 112])
        #expect((over.firstOwn, over.ownCount, over.flatCount) == (80, 48, 128))
        let (a, b) = (try #require(set["a"]), try #require(over["b"]))
        #expect(over[a].array == set[a].array)
        set.assign([Float](repeating: 2, count: 15), to: a)
        #expect(over[a].array == [Float](repeating: 2, count: 15))
        over.assign([Float](repeating: 3, count: 16), to: b)
        #expect(try set[#require(set["b"])].array != over[b].array)
        let copy = ParameterSet(copying: over)
        #expect(copy.flatValues == over.flatValues && copy.flatValues.count == 48)
        #expect(copy.base === set && copy.updates == over.updates)
    }

    @Test("an update is part of a map, of the merged matrix and of merged panels alike")
    func updates() throws {
        let base = ParameterSet([("a", [3, 5]), ("b", [16]), ("bias", [5])])
        base.flatValues = normals(base.ownCount, "base")
        let over = try adapted(base)
        over.flatValues = normals(over.ownCount, "own")
        let (a, bias) = (try #require(base["a"]), try #require(base["bias"]))
        let x = Tensor(normals(12, "x"), shape: [4, 3])
        let found = Weights(over).linear(x, weight: a, bias: bias)
        let merged = linear(x, weight: over.merged(a), bias: base[bias])
        expectClose(found.array, merged.array, within: 1e-5)
        let plain = linear(x, weight: base[a], bias: base[bias])
        #expect(largestError(found.array, plain.array) > 0.1)
        let packed = PackedWeights(
            over, uses: [(a, .map)], precision: .f32, plan: ParallelPlan(threads: 1))
        #expect(
            Weights(packed).linear(x, weight: a, bias: bias).array == merged.array)
    }

    @Test("frozen parameters have no memory for gradients, and those of a base have none at all")
    func gradientsOfABase() throws {
        let over = try adapted(set)
        over.flatValues = normals(over.ownCount, "own")
        let buffer = GradientBuffer(for: over)
        #expect(buffer.first == 80)
        let a = try #require(set["a"])
        let tape = Tape()
        let weights = Weights(over, tape: tape, gradients: buffer)
        let y = lowRankProduct(
            Tensor(normals(6, "x"), shape: [2, 3]), down: weights[over.own[0]],
            up: weights[over.own[1]], scale: 1,
            residual: linear(
                Tensor(normals(6, "x"), shape: [2, 3]), weight: weights[a],
                bias: Tensor(zeros: [5])))
        tape.backward(from: y.sum)
        #expect(buffer[over.own[0]].array.contains { $0 != 0 })
        #expect(buffer[a].array == [Float](repeating: 0, count: 15))
    }

    @Test("too few values are refused")
    func refusals() async {
        await #expect(processExitsWith: .failure) {
            let set = ParameterSet([("a", [2])])
            set.assign([1], to: set.parameters[0])
        }
    }
}
