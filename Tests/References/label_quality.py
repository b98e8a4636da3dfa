"""Reference values for models of aggregation: writes Tests/Fixtures/label-quality/models.json.

GLAD is crowd-kit's with M steps carried to their maximum; Crowd-BT and Davidson's model are maxima found by
scipy of the likelihoods as the papers write them; the tests of shares are scipy's.
"""
import json
import pathlib

import numdifftools as nd
import numpy as np
import pandas as pd
from crowdkit.aggregation import GLAD
from scipy import optimize, stats

folder = pathlib.Path(__file__).parent.parent / "Fixtures" / "label-quality"
golden = json.loads((folder / "quality_golden.json").read_text())
ratings = next(value for key, value in golden.items() if key.startswith("ratings"))
out = {}

rows = [(u, w, label) for u, unit in enumerate(ratings) for w, label in enumerate(unit) if label >= 0]
model = GLAD(m_step_tol=1e-10, m_step_max_iter=10_000)
model.fit(pd.DataFrame(rows, columns=["task", "worker", "label"]))
out["glad_two_iterations_exact_m_step"] = {
    "alpha": [float(model.alphas_[w]) for w in range(4)],
    "beta": [float(model.betas_[u]) for u in range(12)],
}

# The path of scipy's conjugate gradients on Rosenbrock's function.
out["conjugate_gradient_rosenbrock"] = [
    optimize.minimize(optimize.rosen, [-1.2, 1.0, 0.5], jac=optimize.rosen_der, method="CG", options={"maxiter": n}).x.tolist()
    for n in range(1, 21)
]

# Crowd-BT: annotator, winner, loser; the third annotator answers the other way round.
generator = np.random.default_rng(5)
truth = np.array([1.5, 0.7, 0.0, -0.4, -1.2])
eta = np.array([0.97, 0.9, 0.15, 0.55])
votes = []
for annotator in range(4):
    for _ in range(40):
        i, j = generator.choice(5, 2, replace=False)
        right = generator.random() < 1 / (1 + np.exp(truth[j] - truth[i]))
        if generator.random() >= eta[annotator]:
            right = not right
        votes.append((annotator, int(i if right else j), int(j if right else i)))
k, w, l = np.array(votes).T
prior = 0.5


def log_sigmoid(x):
    return -np.logaddexp(0, -x)


def negative(x):
    s, e = x[:5], 1 / (1 + np.exp(-x[5:]))
    p = 1 / (1 + np.exp(s[l] - s[w]))
    value = np.log(e[k] * p + (1 - e[k]) * (1 - p)).sum()
    value += prior * (log_sigmoid(s) + log_sigmoid(-s)).sum() + 9 * np.log(e).sum()
    return -value


start = np.concatenate([np.zeros(5), np.full(4, np.log(9))])
best = optimize.minimize(negative, start, method="BFGS", options={"gtol": 1e-9})
out["crowd_bt"] = {
    "votes": votes, "prior": prior, "strengths": best.x[:5].tolist(),
    "reliability": (1 / (1 + np.exp(-best.x[5:]))).tolist(),
}

# Davidson: first, second, wins of the first, wins of the second, ties.
games = [(0, 1, 7, 3, 4), (0, 2, 6, 1, 2), (1, 2, 5, 5, 6), (0, 3, 3, 4, 1), (2, 3, 2, 6, 3), (1, 3, 1, 2, 0)]


def davidson(x):
    theta, nu = x[:4] - x[:4].mean(), np.exp(x[4])
    p, value = np.exp(theta), 0
    for i, j, a, b, t in games:
        root = np.sqrt(p[i] * p[j])
        value += a * theta[i] + b * theta[j] + t * np.log(nu * root)
        value -= (a + b + t) * np.log(p[i] + p[j] + nu * root)
    return -value + x[:4].mean() ** 2


best = optimize.minimize(davidson, np.zeros(5), method="BFGS", options={"gtol": 1e-9})
out["davidson"] = {
    "games": games, "theta_mean0": (best.x[:4] - best.x[:4].mean()).tolist(), "nu": float(np.exp(best.x[4])),
}

# Answers: the penalised likelihood of AnswerRanking, its maximum, and errors by differences of the gradient.
met = [(0, 1, 2, 0, 1), (0, 2, 1, 1, 0), (1, 2, 3, 0, 0), (3, 4, 1, 0, 0)]


def penalised(x):
    value = prior * (log_sigmoid(x) + log_sigmoid(-x)).sum()
    for i, j, a, b, t in met:
        value += (a + t / 2) * log_sigmoid(x[i] - x[j]) + (b + t / 2) * log_sigmoid(x[j] - x[i])
    return -value


best = optimize.minimize(penalised, np.zeros(5), method="BFGS", options={"gtol": 1e-9})
hessian = nd.Hessian(penalised)(best.x)
centring = np.eye(5) - 1 / 5
out["answers"] = {
    "games": met, "prior": prior, "strengths": best.x.tolist(),
    "centred_errors": np.sqrt(np.diag(centring @ np.linalg.inv(hessian) @ centring)).tolist(),
}

out["binomial_test_two_sided"] = [
    [hits, trials, p, stats.binomtest(hits, trials, p).pvalue]
    for hits, trials, p in [(0, 1, 0.5), (7, 10, 0.5), (40, 50, 0.5), (3, 20, 0.3), (260, 500, 0.5), (180, 500, 0.4)]
]
out["binomial_lower"] = [
    [hits, trials, p, stats.binom.cdf(hits, trials, p)] for hits, trials, p in [(2, 10, 0.5), (60, 100, 0.7), (0, 5, 0.2)]
]
out["beta_cdf"] = [[x, a, b, stats.beta.cdf(x, a, b)] for x, a, b in [(0.65, 9, 3), (0.65, 3, 9), (0.2, 1, 1), (0.9, 40, 6)]]
out["beta_quantile"] = [[q, a, b, stats.beta.ppf(q, a, b)] for q, a, b in [(0.025, 9, 3), (0.975, 9, 3), (0.5, 30, 31)]]

(folder / "models.json").write_text(json.dumps(out, indent=1) + "\n")
