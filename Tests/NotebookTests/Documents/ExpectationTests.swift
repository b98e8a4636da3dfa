import OrderedJSON
import Testing

@testable import Notebook

@Suite struct ExpectationTests {
    @Test(
        arguments: [
            (">= 0.70", [0.7, 1], [0.69, .nan]), ("<=0.5", [0.5, -1], [0.51]), ("> 1", [1.01], [1]),
            ("< 10", [9.99], [10, .nan]), ("== 2", [2], [2.01]), ("!= 2", [1], [2]),
            ("0.5..0.7", [0.5, 0.6, 0.7], [0.49, 0.71, .nan]), ("-1..1", [-1, 0], [1.5]),
            ("== 1e-3", [0.001], [0]),
        ] as [(String, [Double], [Double])])
    func `numbers are compared`(text: String, good: [Double], bad: [Double]) throws {
        let expectation = try #require(Expectation(name: "x", json: .string(text)))
        for value in good { #expect(expectation.isMet(by: .number(value)), "\(value)") }
        for value in bad { #expect(!expectation.isMet(by: .number(value)), "\(value)") }
        #expect(!expectation.isMet(by: nil))
        #expect(!expectation.isMet(by: "much"))
    }

    @Test func `plain values are met exactly, an integer by its number`() throws {
        let count = try #require(Expectation(name: "pairs", json: 300))
        #expect(count.isMet(by: 300))
        #expect(count.isMet(by: 300.0))
        #expect(!count.isMet(by: 301))
        let verdict = try #require(Expectation(name: "verdict", json: "identical"))
        #expect(verdict.isMet(by: "identical"))
        #expect(!verdict.isMet(by: "different"))
        let flag = try #require(Expectation(name: "finite", json: true))
        #expect(flag.isMet(by: true))
        #expect(!flag.isMet(by: false))
        let other = try #require(Expectation(name: "state", json: "!= failed"))
        #expect(other.isMet(by: "ok"))
        #expect(!other.isMet(by: "failed"))
    }

    @Test(arguments: ["", ">=", "< many", "0.7..0.5", "> nan"])
    func `what is no condition is refused`(text: String) {
        #expect(Expectation(name: "x", json: .string(text)) == nil)
    }

    @Test func `lists and nothing are refused`() {
        #expect(Expectation(name: "x", json: [1]) == nil)
        #expect(Expectation(name: "x", json: nil) == nil)
        #expect(Expectation(name: "x", json: ["a": 1]) == nil)
    }
}
