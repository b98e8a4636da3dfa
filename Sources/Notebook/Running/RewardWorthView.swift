import Alignment
import OrderedJSON
import TerminalUI

extension RewardWorth {
    var json: JSON {
        func json(_ estimate: Estimate) -> JSON {
            [
                "value": .number(estimate.value), "lower": .number(estimate.lower),
                "upper": .number(estimate.upper), "count": .integer(estimate.count),
            ]
        }
        return ["accuracy": json(accuracy), "length_baseline": json(lengthBaseline)]
    }

    init?(json: JSON) {
        func estimate(_ key: String) -> Estimate? {
            guard let value = json[key]?["value"]?.doubleValue,
                let lower = json[key]?["lower"]?.doubleValue,
                let upper = json[key]?["upper"]?.doubleValue,
                let count = json[key]?["count"]?.intValue
            else { return nil }
            return Estimate(value: value, lower: lower, upper: upper, count: count)
        }
        guard let accuracy = estimate("accuracy"), let length = estimate("length_baseline") else {
            return nil
        }
        self.init(accuracy: accuracy, lengthBaseline: length)
    }
}

extension CommandContext {
    /// Says before a run that its reward model is not worth it.
    ///
    /// - Parameter name: What it is called there.
    func warnIfTooWeak(_ reward: LoadedModel, name: String = "the reward model") {
        guard let worth = reward.worth, let weakness = worth.weakness else { return }
        let accuracy = worth.accuracy
        console.say(
            "\(name) is too weak to optimise against: its accuracy on held-out pairs was "
                + "\(formatted(accuracy.value, decimals: 3)) "
                + "[\(formatted(accuracy.lower, decimals: 3)), "
                + "\(formatted(accuracy.upper, decimals: 3))], which reaches "
                + (weakness == .chance
                    ? "chance"
                    : "the \(formatted(worth.lengthBaseline.value, decimals: 3)) of \"the longer "
                        + "answer wins\"")
                + "; add pairs or train the baseline longer (report reward says more)", .warning)
    }
}
