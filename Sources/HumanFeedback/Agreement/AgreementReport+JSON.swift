public import OrderedJSON

extension AgreementReport {
    /// The coefficients by name, each with `…_interval`, then pairs and annotators. What is not
    /// defined is null.
    public var json: JSON {
        var object = JSONObject([
            ("votes", .integer(voteCount)), ("items", .integer(unitCount)),
            ("items_with_two_votes", .integer(sharedUnitCount)),
            ("annotators", .integer(annotators.count)),
        ])
        func add(_ name: String, _ coefficient: Coefficient) {
            object[name] = .optional(coefficient.value)
            object[name + "_interval"] = coefficient.interval?.json ?? .null
        }
        add("raw_agreement", rawAgreement)
        add("decided_agreement", decidedAgreement)
        object["cohen_kappa"] = .optional(cohenKappa)
        add("fleiss_kappa", fleissKappa)
        object["fleiss_items"] = .integer(fleissUnits)
        object["fleiss_ratings"] = .integer(fleissRatings)
        add("krippendorff_alpha_nominal", alphaNominal)
        add("krippendorff_alpha_ordinal", alphaOrdinal)
        object["criteria"] = .array(criteria.map { $0.map { .string($0) } ?? .null })
        object["pairs"] = .array(
            pairs.map { pair in
                [
                    "annotators": [.string(pair.first), .string(pair.second)],
                    "items": .integer(pair.agreement.count),
                    "agreement": .optional(pair.agreement.value),
                    "cohen_kappa": .optional(pair.cohenKappa),
                ]
            })
        object["by_annotator"] = .array(annotators.map(\.json))
        return .object(object)
    }
}

extension AnnotatorReport {
    var json: JSON {
        var object = JSONObject([
            ("annotator", .string(name)), ("simulated", .bool(isSimulated)),
            ("votes", .integer(votes)), ("skips", .integer(skips)),
            ("ties", .integer(ties.hits)), ("with_others", withOthers.json),
        ])
        object["confusion"] = .object(
            JSONObject(
                VoteTable.categories.enumerated().map { own, verdict in
                    let row = VoteTable.categories.enumerated().map { other, name in
                        (name.rawValue, JSON.integer(confusion[own][other]))
                    }
                    return (verdict.rawValue, .object(JSONObject(row)))
                }))
        object["first"] = first.json
        object["first_p"] = .number(firstP)
        object["self_consistency"] = consistency.same.json
        object["self_flips_same_order"] = .integer(consistency.flipsInSameOrder)
        object["self_flips_with_place"] = .integer(consistency.flipsWithPlace)
        if let gold {
            object["gold"] = [
                "hits": .integer(gold.share.hits), "count": .integer(gold.share.count),
                "posterior_mean": .number(gold.mean), "posterior_interval": gold.interval.json,
                "probability_below_0.65": .number(gold.probabilityBelowThreshold),
            ]
        }
        object["median_seconds"] = .optional(seconds)
        object["median_words_per_minute"] = .optional(wordsPerMinute)
        object["rushed"] = rushed.json
        object["longer"] = longer.json
        object["circular_triples"] = circles.json
        object["remarks"] = .array(remarks.map { .string($0.word) })
        return .object(object)
    }
}

extension Share {
    var json: JSON {
        ["share": .optional(value), "hits": .integer(hits), "count": .integer(count)]
    }
}

extension Interval {
    var json: JSON { [.number(lower), .number(upper)] }
}

extension JSON {
    static func optional(_ number: Double?) -> JSON { number.map { .number($0) } ?? .null }
}
