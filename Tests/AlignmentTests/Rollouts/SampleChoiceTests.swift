import Testing

@testable import Alignment

@Suite("Which answers are kept")
struct SampleChoiceTests {
    @Test("the first update's prompts are followed, whenever they come")
    func followed() {
        let choice = SampleChoice(first: [4, 9, 4, 2, 7, 1, 0, 3, 5, 6])
        #expect(choice.followed == [4, 9, 2, 7, 1, 0, 3, 5])
        #expect(choice.places(in: [8, 9, 6, 4, 9]) == [0, 1, 3])
        #expect(choice.places(in: [10, 11, 12, 13]) == [0, 1, 2])
        #expect(choice.places(in: [0, 1, 2, 3, 4, 5, 7, 9]) == [0, 1, 2, 3, 4, 5, 6, 7])
        #expect(choice.places(in: [8]) == [0])
    }

    @Test("a run keeps answers of every update, with their scores")
    func run() throws {
        var toy = ToyPPO(updates: 4)
        toy.trainer.ppo.sampleInterval = PPOOptions().sampleInterval
        let record = RunRecord()
        _ = toy.run(record)
        #expect(record.samples.count == 4)
        for samples in record.samples {
            #expect((3...8).contains(samples.count))
            #expect(samples.allSatisfy { ($0.score ?? -1) >= 0 })
        }
        // 11 prompts, 16 answers an update: those that are followed come nearly every time.
        let prompts = record.samples.map { Set($0.map(\.prompt)) }
        #expect(prompts[0].count == 8)
        #expect(prompts.allSatisfy { $0.isSubset(of: prompts[0]) })
    }
}
