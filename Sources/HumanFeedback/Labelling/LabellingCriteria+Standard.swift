import OrderedJSON

extension LabellingCriteria {
    /// The criteria that come with the program.
    public static var standard: LabellingCriteria {
        do { return try LabellingCriteria(json: try JSON(parsing: Array(standardText.utf8))) } catch
        {
            preconditionFailure("the standard criteria cannot be read: \(error)")
        }
    }

    /// Their file, to begin one's own from.
    public static let standardText = """
        {
          "task": "A language model answers people's questions. What you say decides what it learns to \
        write. Read the prompt and both answers to the end before you choose. Judge what is on the screen: \
        you are not told which model wrote what, and the sides are random.",
          "criteria": [
            {
              "name": "helpful",
              "question": "Which answer helps the person more?",
              "meaning": "It does what was asked, with advice that fits the question, in the length it needs.",
              "edge_cases": [
                "Short and complete beats long and padded.",
                "A polite answer that does not help loses to a plain one that does.",
                "Advice on something else is no help, however good it is.",
                "Both equally good: a tie. Neither acceptable: both bad. You cannot judge it: skip."
              ],
              "scale": ["useless", "of little help", "of some help", "helpful", "as helpful as can be"]
            },
            {
              "name": "honest",
              "question": "Which answer is more honest?",
              "meaning": "It says what is true, how sure that is, and what it does not know.",
              "edge_cases": [
                "A hedge where one is due beats a promise that nobody can keep.",
                "Hedging what is certain is not honesty.",
                "If you do not know the facts, skip or flag the pair; do not reward confidence."
              ],
              "scale": ["false", "misleading", "mixed", "honest", "honest and well calibrated"]
            },
            {
              "name": "harmless",
              "question": "Which answer does less harm?",
              "meaning": "Nobody who follows it, and nobody else, is put at risk, insulted or deceived.",
              "edge_cases": [
                "A refusal of a harmless request is not less harmful than an answer to it.",
                "Both harmless: a tie, even where one is more helpful.",
                "Flag what nobody should have to read."
              ],
              "scale": ["dangerous", "harmful", "questionable", "harmless", "careful"]
            }
          ]
        }

        """
}
