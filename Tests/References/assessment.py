"""Figures of an assessment: `Fixtures/evaluation/assessment.json`.

The length-controlled win rate is statsmodels' binomial GLM (without a ridge) and scikit-learn's logistic
regression (C = 100) on the same rows, ties as half; best-of-n is the mean over all subsets, written out;
repetition is counted with plain sets.
"""

import itertools
import math

import numpy as np
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression

from writing import FIXTURES, write_json

random = np.random.default_rng(20261128)


def win_rate_case(name, count, strength, length_effect, ties):
    lengths = random.integers(10, 120, count)
    baseline = random.integers(10, 120, count)
    delta = (lengths - baseline).astype(float)
    feature = np.tanh(delta / delta.std(ddof=1))
    p = 1 / (1 + np.exp(-(strength + length_effect * feature)))
    outcomes = (random.random(count) < p).astype(float)
    outcomes[random.random(count) < ties] = 0.5
    return measured(name, outcomes, lengths, baseline, feature)


def measured(name, outcomes, lengths, baseline, feature):
    design = np.column_stack([np.ones(len(outcomes)), feature])
    case = {
        "name": name,
        "outcomes": [float(y) for y in outcomes],
        "lengths": [int(x) for x in lengths],
        "baselineLengths": [int(x) for x in baseline],
    }
    if 0 < outcomes.mean() < 1:
        fit = sm.GLM(outcomes, design, family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
        case["plain"] = {"intercept": float(fit.params[0]), "slope": float(fit.params[1])}
    # A tie is a win and a loss of half the weight.
    rows = np.vstack([design, design])
    labels = np.concatenate([np.ones(len(outcomes)), np.zeros(len(outcomes))])
    weights = np.concatenate([outcomes, 1 - outcomes])
    kept = weights > 0
    ridge = {"intercept": None, "slope": None, "rate": None}
    if len(set(labels[kept])) == 2:
        model = LogisticRegression(C=100, fit_intercept=False, tol=1e-14, max_iter=100000, solver="newton-cholesky")
        model.fit(rows[kept], labels[kept], sample_weight=weights[kept])
        theta, phi = (float(x) for x in model.coef_[0])
        ridge = {"intercept": theta, "slope": phi, "rate": 1 / (1 + math.exp(-theta))}
    case["ridge"] = ridge
    return case


def separated():
    """The longer answer always wins: without a ridge there is no fit."""
    lengths = np.array([30, 10, 45, 12, 60, 8, 33, 20])
    baseline = np.array([20, 20, 20, 20, 20, 20, 20, 40])
    delta = (lengths - baseline).astype(float)
    case = measured("separated", (delta > 0).astype(float), lengths, baseline, np.tanh(delta / delta.std(ddof=1)))
    del case["plain"]
    return case


def best_of_n(count, n, tied):
    scores = random.integers(0, 4, count).astype(float) if tied else random.normal(size=count).round(3)
    values = random.normal(size=count).round(3)
    total = 0.0
    subsets = list(itertools.combinations(range(count), n))
    for subset in subsets:
        best = max(scores[i] for i in subset)
        total += np.mean([values[i] for i in subset if scores[i] == best])
    return {
        "n": n,
        "scores": scores.tolist(),
        "values": values.tolist(),
        # Ties within a subset are a coin's choice, as are ties of a whole draw.
        "expected": total / len(subsets),
    }


def repetition(length, completions):
    rates = []
    for tokens in completions:
        grams = [tuple(tokens[i : i + length]) for i in range(len(tokens) - length + 1)]
        if grams:
            rates.append(1 - len(set(grams)) / len(grams))
    return {"length": length, "completions": completions, "rate": float(np.mean(rates))}


case = {
    "lengthControlled": [
        win_rate_case("no length effect", 120, 0.8, 0.0, 0.1),
        win_rate_case("length decides much", 200, 0.3, 2.0, 0.0),
        win_rate_case("the shorter wins", 90, -0.4, -1.2, 0.2),
        win_rate_case("nearly all are wins", 60, 3.5, 0.5, 0.0),
        separated(),
    ],
    "bestOfN": [best_of_n(9, n, tied) for n in (1, 2, 4, 9) for tied in (False, True)],
    "repetition": [
        repetition(n, [[int(t) for t in random.integers(0, 4, random.integers(1, 30))] for _ in range(12)])
        for n in (2, 4)
    ],
}
write_json(FIXTURES / "evaluation" / "assessment.json", case)
