import Testing

@testable import Alignment

@Suite("The KL controller")
struct KLControllerTests {
    @Test("a fixed coefficient stays")
    func fixed() {
        var controller = KLController(coefficient: 0.1)
        controller.update(kl: 1_000, completionCount: 64)
        #expect(controller.coefficient == 0.1)
    }

    // β = .15, target 6, horizon 10,000, 64 completions: e · 64 / 10000 with e clipped at ±.2.
    @Test(
        "an adaptive one moves by the clipped error",
        arguments: [(9, 0.150192), (6.6, 0.150096), (6, 0.15), (5.7, 0.149952), (0, 0.149808)]
            as [(Float, Float)])
    func adaptive(kl: Float, expected: Float) {
        var controller = KLController(
            coefficient: 0.15, rule: .adaptive(target: 6, horizon: 10_000))
        controller.update(kl: kl, completionCount: 64)
        #expect(abs(controller.coefficient - expected) < 1e-7)
    }

    @Test("a KL that is not a number leaves the coefficient alone")
    func notANumber() {
        var controller = KLController(coefficient: 0.2, rule: .adaptive(target: 6, horizon: 100))
        controller.update(kl: .nan, completionCount: 64)
        #expect(controller.coefficient == 0.2)
        controller.update(kl: .infinity, completionCount: 100)
        #expect(abs(controller.coefficient - 0.24) < 1e-6)
    }

    @Test("a controller made from its coefficient goes on as if never stopped")
    func restored() {
        let rule = KLController.Rule.adaptive(target: 3, horizon: 500)
        let series: [Float] = [0, 1, 5, 9, 2.5, 3.1, 12]
        var whole = KLController(coefficient: 0.05, rule: rule)
        for kl in series { whole.update(kl: kl, completionCount: 32) }
        var part = KLController(coefficient: 0.05, rule: rule)
        for kl in series.prefix(4) { part.update(kl: kl, completionCount: 32) }
        part = KLController(coefficient: part.coefficient, rule: part.rule)
        for kl in series.dropFirst(4) { part.update(kl: kl, completionCount: 32) }
        #expect(part == whole)
    }

    @Test("agrees with the reference over a series")
    func reference() throws {
        for example in try LossFixture.load().klController {
            var controller = KLController(
                coefficient: example.coefficient,
                rule: .adaptive(target: example.target, horizon: example.horizon))
            for step in example.steps {
                controller.update(kl: step.kl, completionCount: example.completionCount)
                expectClose([controller.coefficient], [step.coefficient])
            }
        }
    }
}
