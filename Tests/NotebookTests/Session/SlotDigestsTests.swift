import OrderedJSON
import Testing

@testable import Notebook

@Suite struct SlotDigestsTests {
    @Test func `slots are in the order of their bytes, whatever the order of setting`() {
        let slots: SlotDigests = [
            "votes": Digest(of: "v"), "Policy": Digest(of: "P"), "policy": Digest(of: "p"),
        ]
        #expect(slots.slots == ["Policy", "policy", "votes"])
        #expect(SlotDigests(json: slots.json) == slots)
        var fewer = slots
        fewer["policy"] = nil
        #expect(fewer.slots == ["Policy", "votes"])
        #expect(fewer["policy"] == nil)
    }

    @Test func `other values are refused`() {
        #expect(SlotDigests(json: ["policy": "sha256:12"]) == nil)
        #expect(SlotDigests(json: ["policy"]) == nil)
    }
}
