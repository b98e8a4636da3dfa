import OrderedJSON

/// The forms for single answers with a number each.
extension Converter {
    /// One row an answer, with our columns.
    mutating func addRatings() throws(FeedbackError) {
        for row in try ratedAnswers() { rows.append(row.json) }
    }

    /// One row a prompt, with UltraFeedback's columns. The answers to a prompt are gathered over the
    /// part of the file that is converted; prompts stay in the order in which they appear.
    mutating func addRatedPrompts() throws(FeedbackError) {
        var places: [ExactText: Int] = [:]
        var groups: [(prompt: String, completions: [JSON])] = []
        countApart()
        for row in try ratedAnswers() {
            let prompt = ExactText(row.prompt)
            let place = places[prompt] ?? groups.count
            if place == groups.count {
                places[prompt] = place
                groups.append((row.prompt, []))
            }
            groups[place].completions.append(RatedCompletions.element(row))
            lose("prompt_id", when: row.promptID != Prompt.derivedID(of: row.prompt))
        }
        rows += groups.map { RatedCompletions.row($0.prompt, completions: $0.completions) }
    }

    /// Thumbs are 1 and 0; a vote gives a row for each answer that it rates.
    private mutating func ratedAnswers() throws(FeedbackError) -> [RatedCompletion] {
        var rated: [RatedCompletion] = []
        if case .labelled(let comparisons, let votes) = file.data {
            let byPair = Dictionary(grouping: votes) { ExactText($0.comparisonID) }
            for comparison in comparisons {
                let own = byPair[ExactText(comparison.id)] ?? []
                countUnlabelled(own)
                for vote in own { rated += ratedAnswers(to: comparison, vote) }
            }
        } else {
            rated = try file.ratedCompletions()
            // Equal ratings make no pair, which the reader has counted; here they are as good as others.
            for count in file.counts where count.reason == .tie { tally.add(.tie, -count.count) }
        }
        return rated.filter { !isEmpty($0.completion) }
    }

    private mutating func ratedAnswers(
        to comparison: Comparison, _ vote: Vote
    ) -> [RatedCompletion] {
        let sides = [(comparison.left, vote.leftRating), (comparison.right, vote.rightRating)]
        let rated = sides.compactMap { answer, rating in
            rating.map {
                RatedCompletion(
                    prompt: comparison.prompt, completion: answer, rating: Double($0),
                    promptID: comparison.promptID)
            }
        }
        tally.add(.unrated, sides.count - rated.count)
        if !rated.isEmpty {
            for name in ["verdict", "annotator"] { lose(name) }
        }
        return rated
    }
}
