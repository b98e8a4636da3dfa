import OrderedJSON
import Testing

@Suite struct JSONObjectTests {
    @Test func membersKeepTheOrderInWhichTheyWereSet() {
        var object = JSONObject()
        for key in ["z", "a", "m"] { object[key] = .string(key) }
        object["a"] = 1
        #expect(object.keys == ["z", "a", "m"])
        #expect(object.map(\.value) == ["z", 1, "m"])
    }

    @Test func aRepeatedKeyInPairsKeepsItsPlaceAndTheLastValue() {
        let object = JSONObject([("a", 1), ("b", 2), ("a", 3)])
        #expect(JSON.object(object).text == #"{"a":3,"b":2}"#)
    }

    @Test func settingNilRemovesAMember() {
        var object = JSONObject([("a", 1), ("b", 2)])
        object["a"] = nil
        object["nothing"] = nil
        #expect(object.keys == ["b"])
        #expect(object.removeValue(forKey: "b") == 2)
        #expect(object.removeValue(forKey: "b") == nil)
        #expect(object.isEmpty)
    }

    @Test func keysCompareByTheirBytes() {
        var object = JSONObject()
        object["\u{E9}"] = 1
        object["e\u{301}"] = 2
        #expect(object.count == 2)
        #expect(object["\u{E9}"] == 1)
        #expect(object["e\u{301}"] == 2)
    }

    /// Against a dictionary and a list, over random insertions and removals across the size at
    /// which the index starts.
    @Test(arguments: 0..<20) func behavesLikeADictionaryWithOrder(seed: Int) {
        var random = Generator(seed: UInt64(seed))
        var object = JSONObject()
        var order: [String] = []
        var values: [String: Int] = [:]
        for step in 0..<300 {
            let key = "key\(random.next() % 40)"
            if random.next() % 3 == 0 {
                object[key] = nil
                values[key] = nil
                order.removeAll { $0 == key }
            } else {
                object[key] = .integer(step)
                if values.updateValue(step, forKey: key) == nil { order.append(key) }
            }
            #expect(object.count == order.count)
        }
        #expect(object.keys == order)
        #expect(object.map { $0.value.intValue } == order.map { values[$0] })
        for number in 0..<40 {
            #expect(object["key\(number)"]?.intValue == values["key\(number)"])
        }
    }
}

/// SplitMix64, for repeatable random tests.
struct Generator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
