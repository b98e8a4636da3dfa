"""Values and gradients of the losses and statistics of reinforcement learning from human feedback.

Writes Fixtures/losses/losses.json. Formulas are written out from the papers, in float64, over
sequences padded to one length with a mask; the file holds them ragged, one list a completion.
"""

import math
from statistics import NormalDist

import numpy as np
import torch
import torch.nn.functional as F

from writing import FIXTURES, number, numbers, single, write_json

LENGTHS = [7, 1, 15, 4]
generator = torch.Generator().manual_seed(20_240_602)


def normal(*shape, scale=1.0):
    return single(scale * torch.randn(shape, generator=generator, dtype=torch.float64))


def mask_of(lengths):
    return torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]


def ragged(padded, lengths):
    return [numbers(row[:length]) for row, length in zip(padded, lengths)]


def masked_mean(x, mask):
    return x[mask].sum() / mask.sum()


# Schulman et al. 2016, arXiv:1506.02438, equation 16, as the sum it stands for:
# A[t] = sum over l of (gamma * lambda)^l * delta[t + l]; the value after the last token is 0.
def generalized_advantages(rewards, values, lengths, discount, gae_lambda):
    advantages = torch.zeros_like(rewards)
    for row, length in enumerate(lengths):
        for t in range(length):
            total = 0.0
            for later in range(t, length):
                following = values[row, later + 1] if later + 1 < length else 0.0
                delta = rewards[row, later] + discount * following - values[row, later]
                total = total + (discount * gae_lambda) ** (later - t) * delta
            advantages[row, t] = total
    return advantages


def advantage_cases():
    cases = []
    mask = mask_of(LENGTHS)
    for discount, gae_lambda in [(1, 0.95), (1, 1), (0.99, 0.95), (0.9, 0), (0.5, 1), (0, 0.5)]:
        rewards, values = normal(*mask.shape) * mask, normal(*mask.shape) * mask
        result = generalized_advantages(rewards, values, LENGTHS, discount, gae_lambda)
        if gae_lambda == 1:  # the discounted return minus the value
            for row, length in enumerate(LENGTHS):
                powers = discount ** torch.arange(length, dtype=torch.float64)
                expected = (powers * rewards[row, :length]).sum() - values[row, 0]
                assert torch.isclose(result[row, 0], expected)
        cases.append({
            "discount": discount, "gaeLambda": gae_lambda,
            "rewards": ragged(rewards, LENGTHS), "values": ragged(values, LENGTHS),
            "advantages": ragged(result, LENGTHS), "returns": ragged(result + values, LENGTHS),
        })
    return cases


def whitening_cases():
    cases = []
    for lengths, scale, shift in [
        (LENGTHS, 1, 0), (LENGTHS, 1e-4, 3), (LENGTHS, 50, -20), ([1, 1], 1, 0), ([5], 0, 2),
    ]:
        mask = mask_of(lengths)
        x = single(normal(*mask.shape, scale=scale) + shift)
        counted = x[mask]
        mean, variance = counted.mean(), counted.var(correction=1)
        unit = (x - mean) / torch.sqrt(variance + 1e-8)
        cases.append({
            "sequences": ragged(x, lengths),
            "whitened": ragged(unit, lengths),
            "whitenedKeepingMean": ragged(unit + mean, lengths),
        })
    return cases


def kl_cases():
    mask = mask_of(LENGTHS)
    policy = single(-normal(*mask.shape).abs() - 0.01)
    reference = single(policy + normal(*mask.shape, scale=0.5)).clamp(max=0)
    difference = reference - policy
    k1, k2, k3 = -difference, difference**2 / 2, difference.exp() - 1 - difference
    score, coefficient = normal(len(LENGTHS), scale=2), 0.05
    rewards = -coefficient * k1
    for row, length in enumerate(LENGTHS):
        rewards[row, length - 1] += score[row]
    sums = [(x * mask).sum(1).mean() for x in (k1, k2, k3, -policy)]
    tokens = {
        "logProbabilities": ragged(policy, LENGTHS),
        "referenceLogProbabilities": ragged(reference, LENGTHS),
        "k1": ragged(k1, LENGTHS), "k2": ragged(k2, LENGTHS), "k3": ragged(k3, LENGTHS),
        "klCoefficient": coefficient, "scores": numbers(score),
        "rewards": ragged(rewards, LENGTHS),
        "meanOfSums": {"k1": number(sums[0]), "k2": number(sums[1]), "k3": number(sums[2]),
                       "negativeLogProbabilities": number(sums[3])},
        "meanScore": number(score.mean()),
        "meanNonScoreReward": number(-coefficient * sums[0]),
        "meanRLHFReward": number(score.mean() - coefficient * sums[0]),
    }
    # Three symbols: expectations under p can be taken exactly; those of k1 and k3 are KL(p || q).
    p = single([0.5, 0.375, 0.125])
    q = single([0.125, 0.5, 0.375])
    exact = (p * (p / q).log()).sum()
    d = (q / p).log()
    expected = [(p * k).sum() for k in (-d, d**2 / 2, d.exp() - 1 - d)]
    assert torch.isclose(expected[0], exact) and torch.isclose(expected[2], exact)
    symbols = {"p": numbers(p), "q": numbers(q), "kl": number(exact),
               "expectedK1": number(expected[0]), "expectedK2": number(expected[1]),
               "expectedK3": number(expected[2])}
    return {"tokens": tokens, "threeSymbols": symbols}


# Schulman et al. 2017, arXiv:1707.06347, equation 7.
def policy_loss_cases():
    cases = []
    for name, clip, spread in [
        ("mild", 0.2, 0.1), ("many clipped", 0.2, 0.6), ("narrow", 0.05, 0.3),
        ("first step", 0.2, 0),
    ]:
        mask = mask_of(LENGTHS)
        old = single(-normal(*mask.shape).abs() - 0.7)
        new = single(old + normal(*mask.shape, scale=spread)).requires_grad_()
        advantages = normal(*mask.shape)
        ratio = (new - old).exp()
        free, clipped = -advantages * ratio, -advantages * ratio.clamp(1 - clip, 1 + clip)
        loss = masked_mean(torch.maximum(free, clipped), mask)
        loss.backward()
        # By hand: the gradient is -A * ratio / n, and 0 where the clipped term is the larger.
        hand = torch.where(clipped > free, 0.0, -advantages * ratio) * mask / mask.sum()
        assert torch.allclose(hand, new.grad)
        log_ratio = (new - old).detach()
        cases.append({
            "name": name, "clipRange": clip, "old": ragged(old, LENGTHS),
            "new": ragged(new, LENGTHS), "advantages": ragged(advantages, LENGTHS),
            "loss": number(loss), "newGradient": ragged(new.grad, LENGTHS),
            "clipFraction": number(masked_mean((clipped > free).double(), mask)),
            "approximateKL": number(masked_mean(log_ratio**2 / 2, mask)),
            "k3": number(masked_mean(log_ratio.exp() - 1 - log_ratio, mask)),
            "meanRatio": number(masked_mean(ratio, mask)),
        })
    return cases


# Implementation detail 19 of Huang et al. 2023.
def value_loss_cases():
    cases = []
    for name, clip, spread in [("mild", 0.2, 0.1), ("many clipped", 0.2, 1), ("narrow", 0.05, 0.3)]:
        mask = mask_of(LENGTHS)
        old = normal(*mask.shape)
        new = single(old + normal(*mask.shape, scale=spread)).requires_grad_()
        returns = single(old + normal(*mask.shape))
        near = torch.clamp(new, old - clip, old + clip)
        free, clipped = (new - returns) ** 2, (near - returns) ** 2
        loss = masked_mean(torch.maximum(free, clipped), mask) / 2
        loss.backward()
        counted_returns, counted_errors = returns[mask], (returns - old)[mask]
        cases.append({
            "name": name, "clipRange": clip, "old": ragged(old, LENGTHS),
            "new": ragged(new, LENGTHS), "returns": ragged(returns, LENGTHS),
            "loss": number(loss), "newGradient": ragged(new.grad, LENGTHS),
            "clipFraction": number(masked_mean((clipped > free).double(), mask)),
            "oldVarianceExplained": number(1 - counted_errors.var() / counted_returns.var()),
        })
    return cases


# Ziegler et al. 2019, arXiv:1909.08593, section 2.2.
def controller_cases():
    cases = []
    for start, target, horizon, count in [(0.15, 6, 10_000, 512), (0.02, 2, 500, 64)]:
        coefficient, steps = start, []
        for kl in [0, 1, 5.5, 6, 6.5, 7.2, 7.3, 30, 2, 1.9, -1]:
            error = min(max(kl / target - 1, -0.2), 0.2)
            coefficient = coefficient * (1 + error * count / horizon)
            steps.append({"kl": kl, "coefficient": number(coefficient)})
        cases.append({"coefficient": start, "target": target, "horizon": horizon,
                      "completionCount": count, "steps": steps})
    return cases


# Bradley and Terry 1952; margins: Touvron et al. 2023, arXiv:2307.09288; centring: Eisenstein
# et al. 2023, arXiv:2312.09244.
def reward_loss_cases():
    cases = []
    for name, count, spread, with_margins, centering in [
        ("plain", 15, 1, False, 0), ("margins", 15, 1, True, 0), ("centred", 15, 1, False, 0.01),
        ("margins and centred", 17, 2, True, 0.1), ("far apart", 8, 60, False, 0),
        ("one pair", 1, 1, False, 0),
    ]:
        chosen = normal(count, scale=spread).requires_grad_()
        rejected = normal(count, scale=spread).requires_grad_()
        margins = single(normal(count).abs()) if with_margins else torch.zeros(count).double()
        lead = chosen - rejected
        loss = F.softplus(-(lead - margins)).mean() + centering * ((chosen + rejected) ** 2).mean()
        loss.backward()
        pull = torch.sigmoid(margins - lead) / count
        centre = 2 * centering * (chosen + rejected) / count
        assert torch.allclose(chosen.grad, centre - pull)
        assert torch.allclose(rejected.grad, centre + pull)
        cases.append({
            "name": name, "centeringCoefficient": centering, "chosen": numbers(chosen),
            "rejected": numbers(rejected), "margins": numbers(margins), "loss": number(loss),
            "chosenGradient": numbers(chosen.grad), "rejectedGradient": numbers(rejected.grad),
            "accuracy": number((lead > 0).double().mean()), "meanMargin": number(lead.mean()),
        })
    return cases


def masked_mean_cases():
    mask = mask_of(LENGTHS)
    x = normal(*mask.shape, scale=3)
    per_sequence = torch.stack([row[:length].mean() for row, length in zip(x, LENGTHS)])
    sums = torch.stack([row[:length].sum() for row, length in zip(x, LENGTHS)])
    return {"sequences": ragged(x, LENGTHS), "tokenMean": number(masked_mean(x, mask)),
            "meanOfSequenceMeans": number(per_sequence.mean()),
            "meanOfSequenceSums": number(sums.mean())}


def variance_explained_cases():
    mask = mask_of(LENGTHS)
    returns = normal(*mask.shape)
    cases = []
    for name, values in [
        ("good", single(returns + normal(*mask.shape, scale=0.3) + 2)),
        ("bad", normal(*mask.shape)), ("constant", torch.full_like(returns, 0.5)),
        ("perfect", returns),
    ]:
        left = np.var((returns - values)[mask].numpy())
        cases.append({"name": name, "returns": ragged(returns, LENGTHS),
                      "values": ragged(values, LENGTHS),
                      "varianceExplained": number(1 - left / np.var(returns[mask].numpy()))})
    return cases


# E. B. Wilson 1927: the shares p from which the observed one is z standard errors away, found by
# bisection rather than by the closed formula.
def wilson_cases():
    z = NormalDist().inv_cdf(0.975)

    def bound(share, trials, outer):
        if share == outer:
            return outer
        far, close = outer, share
        for _ in range(200):
            middle = (far + close) / 2
            if (share - middle) ** 2 > z * z * middle * (1 - middle) / trials:
                far = middle
            else:
                close = middle
        return (far + close) / 2

    cases = []
    for successes, trials in [(0, 1), (1, 1), (0, 20), (20, 20), (5, 10), (170, 200), (163.5, 200),
                              (0.5, 3), (999, 1000), (1, 1000)]:
        share = successes / trials
        cases.append({"successes": successes, "trials": trials, "value": share,
                      "lower": bound(share, trials, 0.0), "upper": bound(share, trials, 1.0)})
    return cases


def summary_cases():
    cases = []
    for count in [1, 2, 15, 33]:
        x = normal(count, scale=5)
        shares = [0, 0.025, 0.25, 0.5, 0.9, 0.975, 1]
        cases.append({
            "values": numbers(x), "mean": float(x.mean()),
            "deviation": float(x.std(correction=1)) if count > 1 else 0.0,
            "quantiles": [{"share": s, "value": float(np.quantile(x.numpy(), s))} for s in shares],
        })
    return cases


# Guo et al. 2017, arXiv:1706.04599, equation 3, with the bins of the confidences [0.5, 1].
def calibration_cases():
    cases = []
    for count, bins in [(200, 10), (33, 5)]:
        margins = normal(count, scale=1.5).abs() * torch.where(
            torch.rand(count, generator=generator) < 0.75, 1.0, -1.0).double()
        confidence = 1 / (1 + np.exp(-np.abs(margins.numpy())))
        right = (margins.numpy() > 0).astype(float)
        edges = np.linspace(0.5, 1, bins + 1)
        assert np.abs(confidence[:, None] - edges[1:-1]).min() > 1e-6
        place = np.digitize(confidence, edges[1:-1])
        held = [place == b for b in range(bins) if (place == b).any()]
        error = sum(h.mean() * abs(right[h].mean() - confidence[h].mean()) for h in held)
        cases.append({"margins": numbers(margins), "binCount": bins, "expectedError": float(error),
                      "counts": [int((place == b).sum()) for b in range(bins)]})
    return cases


write_json(FIXTURES / "losses" / "losses.json", {
    "generalizedAdvantages": advantage_cases(),
    "whitening": whitening_cases(),
    "klPenalty": kl_cases(),
    "policyLoss": policy_loss_cases(),
    "valueLoss": value_loss_cases(),
    "klController": controller_cases(),
    "rewardLoss": reward_loss_cases(),
    "maskedMeans": masked_mean_cases(),
    "varianceExplained": variance_explained_cases(),
    "wilson": wilson_cases(),
    "summaries": summary_cases(),
    "calibration": calibration_cases(),
})
