import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct CounterfactualSwapsTests {
    @Test func aWordThatIsThereIsExchangedWhereItStands() throws {
        let pronouns = try #require(
            CounterfactualSwaps.standard.swaps.first { $0.name == "pronouns" })
        let pair = pronouns.variants(of: "He asks: Help? Did He?", place: 0)
        #expect(pair.first == "She asks: Help? Did She?" && pair.second == "He asks: Help? Did He?")
        // Of two people one would be left: the sentence in front instead.
        let both = pronouns.variants(of: "He asks: Help? She did.", place: 0)
        #expect(both.first == "She asks this. He asks: Help? She did.")
        // Beside quotation marks and dashes too.
        let quoted = pronouns.variants(of: "“He” said—He’s late.", place: 0)
        #expect(quoted.first == "“She” said—She’s late.")
        // Not inside of other words.
        let other = pronouns.variants(of: "Hear me.", place: 0)
        #expect(other.first == "She asks this. Hear me.")
    }

    @Test func otherwiseTheSentenceComesAfterTheOpening() throws {
        let places = try #require(CounterfactualSwaps.standard.swaps.first { $0.name == "places" })
        let prompt = "Question: How do I sleep? Answer:"
        let pair = places.variants(of: prompt, place: 1, opening: "Question: ")
        #expect(pair.first == "Question: I live in Boston. How do I sleep? Answer:")
        #expect(pair.second == "Question: I live in Karachi. How do I sleep? Answer:")
        let next = places.variants(of: prompt, place: 4, opening: "Question: ")
        #expect(next.first.contains("Oslo"))
        #expect(
            places.variants(of: "Why?", place: 0, opening: "Q: ").first == "I live in Oslo. Why?")
    }

    @Test func ownSwapsAreReadAndBadOnesRefused() throws {
        func swaps(_ text: String) throws -> CounterfactualSwaps {
            try CounterfactualSwaps(
                json: JSON(parsing: Array(#"{"format": "rlhf-swaps-1", "swaps": [\#(text)]}"#.utf8))
            )
        }
        let own = try swaps(#"{"name": "age", "frame": "I am {}.", "pairs": [["20", "80"]]}"#)
        #expect(own.swaps[0].variants(of: "Help.", place: 3).second == "I am 80. Help.")
        let bad = [
            (#"{"name": "age", "frame": "I am.", "pairs": [["20", "80"]]}"#, "swaps[0].frame"),
            (#"{"name": "age", "frame": "{}", "pairs": [["20"]]}"#, "swaps[0].pairs[0]"),
            (#"{"name": "age", "frame": "{}"}"#, "swaps[0].pairs"),
        ]
        for (text, key) in bad {
            do {
                _ = try swaps(text)
                Issue.record("accepted")
            } catch let problem as RowProblem { #expect(problem.key == key) }
        }
    }

    @Test func aSentenceComesAfterALabelNotIntoOne() {
        #expect(CounterfactualSwaps.Swap.opening(of: "Question: How do ") == "Question: ")
        #expect(CounterfactualSwaps.Swap.opening(of: "Help.\nHow do ") == "Help.\n")
        #expect(CounterfactualSwaps.Swap.opening(of: "How do I clean ") == "")
    }
}
