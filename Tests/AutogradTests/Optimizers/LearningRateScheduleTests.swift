import Testing

@testable import Autograd

@Suite("Learning-rate schedule")
struct LearningRateScheduleTests {
    @Test("every step agrees with transformers", arguments: try OptimizerReference.load().schedules)
    func agrees(_ reference: OptimizerReference.Schedule) throws {
        let schedule = LearningRateSchedule(
            form: try #require(LearningRateSchedule.Form(rawValue: reference.form)), peak: 0.01,
            warmupSteps: reference.warmupSteps, totalSteps: reference.totalSteps)
        let rates = reference.factors.indices.map { schedule.learningRate(atStep: $0) }
        expectClose(rates.map { 100 * $0 }, reference.factors, within: 2e-7)
    }

    @Test("the reference has every form, with and without a warm-up")
    func allForms() throws {
        let schedules = try OptimizerReference.load().schedules
        for form in LearningRateSchedule.Form.allCases {
            let warmups = schedules.filter { $0.form == form.rawValue }.map(\.warmupSteps)
            #expect(warmups.contains(0) && warmups.contains { $0 > 0 })
        }
    }

    @Test(
        "after the end the rate stays at 0, or at the peak",
        arguments: LearningRateSchedule.Form.allCases)
    func afterTheEnd(form: LearningRateSchedule.Form) {
        let schedule = LearningRateSchedule(form: form, peak: 2, warmupSteps: 2, totalSteps: 5)
        let rate = schedule.learningRate(atStep: 50)
        switch form {
        case .constant: #expect(rate == 2)
        case .linear: #expect(rate == 0)
        case .cosine: #expect(rate >= 0 && rate <= 2)
        }
    }

    @Test("a run of no steps, or of nothing but warm-up, divides by nothing")
    func degenerate() {
        for form in LearningRateSchedule.Form.allCases {
            let none = LearningRateSchedule(form: form, peak: 1, totalSteps: 0)
            #expect(none.learningRate(atStep: 0).isFinite)
            let warm = LearningRateSchedule(form: form, peak: 1, warmupSteps: 4, totalSteps: 4)
            #expect((0..<4).map { warm.learningRate(atStep: $0) } == [0, 0.25, 0.5, 0.75])
        }
    }
}
