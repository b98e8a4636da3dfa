import OrderedJSON
import Testing

@Suite struct JSONTests {
    @Test func literalsMakeEveryKind() {
        let value: JSON = ["a": nil, "b": true, "c": 3, "d": 0.5, "e": "x", "f": [1, 2]]
        #expect(value.text == #"{"a":null,"b":true,"c":3,"d":0.5,"e":"x","f":[1,2]}"#)
    }

    @Test func accessorsAnswerOnlyForTheirOwnKind() {
        let values: [JSON] = [nil, true, 3, 2.5, "x", [1], ["k": 1]]
        #expect(values.map(\.isNull) == [true, false, false, false, false, false, false])
        #expect(values.map(\.boolValue) == [nil, true, nil, nil, nil, nil, nil])
        #expect(values.map(\.intValue) == [nil, nil, 3, nil, nil, nil, nil])
        #expect(values.map(\.doubleValue) == [nil, nil, 3, 2.5, nil, nil, nil])
        #expect(values.map(\.stringValue) == [nil, nil, nil, nil, "x", nil, nil])
        #expect(values.map { $0.arrayValue?.count } == [nil, nil, nil, nil, nil, 1, nil])
        #expect(values.map { $0.objectValue?.count } == [nil, nil, nil, nil, nil, nil, 1])
    }

    @Test func subscriptsAnswerNilOutsideTheValue() {
        let value: JSON = ["list": ["zero", "one"]]
        #expect(value["list"]?[1] == "one")
        #expect(value["list"]?[2] == nil)
        #expect(value["list"]?[-1] == nil)
        #expect(value["nothing"] == nil)
        #expect(value[0] == nil)
        #expect(value["list"]?["key"] == nil)
    }

    @Test func kindsAreWordsForMessages() {
        let values: [JSON] = [nil, true, 3, 2.5, "x", [], [:]]
        #expect(
            values.map(\.kind) == [
                "null", "true or false", "an integer", "a number", "a string", "an array",
                "an object",
            ])
    }

    @Test func stringsThatOnlyLookEqualAreDifferent() {
        let composed: JSON = "\u{E9}"
        let decomposed: JSON = "e\u{301}"
        #expect(composed != decomposed)
        #expect("\u{E9}" == "e\u{301}", "Swift strings call them equal")
    }

    @Test func keyOrderCountsInComparisons() {
        let ab: JSON = ["a": 1, "b": 2]
        let ba: JSON = ["b": 2, "a": 1]
        #expect(ab != ba)
        #expect(ab == ["a": 1, "b": 2])
    }

    @Test func anIntegerIsNotTheSameAsANumber() {
        #expect(JSON.integer(1) != JSON.number(1))
    }
}
