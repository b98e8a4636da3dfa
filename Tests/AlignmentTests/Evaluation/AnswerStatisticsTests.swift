import Autograd
import Foundation
import LanguageModels
import Testing

@testable import Alignment

@Suite("What a model says of answers")
struct AnswerStatisticsTests {
    @Test("sums of log-probabilities are those of the mean loss, whatever the batch")
    func logProbabilities() {
        let model = LanguageModel.toy()
        let examples = Toy.examples(40)
        let found = answerStatistics(of: model, on: examples, plan: Toy.plan())
        let loss = meanLoss(of: model, on: examples, plan: Toy.plan())
        let sum = found.reduce(0) { $0 + $1.logProbability }
        #expect(abs(-sum / Double(loss.tokenCount) - loss.loss) < 1e-5)
        #expect(found.reduce(0) { $0 + $1.tokenCount } == loss.tokenCount)
        let alone = answerStatistics(of: model, on: [examples[7]], plan: Toy.plan())
        #expect(alone == [found[7]])
    }

    @Test("entropies lie between none and that of the even distribution")
    func entropies() {
        for answer in answerStatistics(of: .toy(), on: Toy.examples(10), plan: Toy.plan()) {
            let mean = answer.entropy / Double(answer.tokenCount)
            #expect(mean > 0 && mean <= log(12) + 1e-6)
        }
    }

    @Test("the estimate of KL from a model to itself is 0 in every bit")
    func itself() {
        let a = answerStatistics(of: .toy(), on: Toy.examples(10), plan: Toy.plan())
        let b = answerStatistics(of: .toy(), on: Toy.examples(10), plan: Toy.plan(threads: 2))
        #expect(a == b)
    }
}
