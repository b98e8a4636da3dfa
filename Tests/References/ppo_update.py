"""PPO's updates from given answers and scores: advantages, returns, losses and every logged mean.

Writes Fixtures/losses/ppo_update.json. Models are transformers' GPT-2 on Fixtures/gpt2/tiny (policy and
reference) and Fixtures/gpt2/reward (critic), in float64; batches are padded and masked, which our packed
ones are not. The arithmetic is written out from the papers (Schulman et al. 2016 and 2017, Ziegler et al.
2019, Huang et al. 2024), the optimizer is torch.optim.AdamW. Each set of answers is used for two optimizer
steps over all of it, so that ratios leave 1 and are clipped; from the second update on policy and reference
differ.
"""

import json

import torch
from transformers import AutoTokenizer, GPT2ForSequenceClassification, GPT2LMHeadModel

from writing import FIXTURES, number, numbers, single, write_json

TINY, REWARD = FIXTURES / "gpt2" / "tiny", FIXTURES / "gpt2" / "reward"
UPDATES, EPISODES, EPOCHS, LONGEST = 3, 8, 2, 7
BETA, GAMMA, LAMBDA, CLIP, VALUE_CLIP, PENALTY = 0.2, 0.97, 0.9, 0.2, 0.2, -1.5
RATE, CRITIC_RATE, MAX_NORM = 2e-3, 3e-3, 1.0

generator = torch.Generator().manual_seed(23)
tokenizer = AutoTokenizer.from_pretrained(TINY)
rows = [json.loads(line)["prompt"] for line in (FIXTURES / "gpt2" / "prompts.jsonl").read_text().splitlines()]
PROMPTS = [tokenizer(rows[i % len(rows)])["input_ids"] for i in range(UPDATES * EPISODES)]


def answers():
    """Of all lengths; the first ends at once, the second never."""
    drawn = []
    for episode in range(EPISODES):
        length = int(torch.randint(1, LONGEST + 1, (1,), generator=generator))
        ids = torch.randint(1, 512, (length,), generator=generator).tolist()
        drawn.append([0] if episode == 0 else ids if episode == 1 or length == LONGEST else ids + [0])
    return drawn


COMPLETIONS = [answers() for _ in range(UPDATES)]
SCORES = [single(torch.randn(EPISODES, generator=generator)) for _ in range(UPDATES)]


def padded(sequences, fill=0):
    longest = max(map(len, sequences))
    return torch.tensor([list(s) + [fill] * (longest - len(s)) for s in sequences])


def forward(model, prompts, completions):
    """Hidden logits (or scores) that predict each token of the completions, padded with a mask."""
    ids = padded([p + c for p, c in zip(prompts, completions)])
    attention = padded([[1] * len(p + c) for p, c in zip(prompts, completions)])
    longest = max(map(len, completions))
    places = torch.tensor([[len(p) - 1 + min(t, len(c) - 1) for t in range(longest)]
                           for p, c in zip(prompts, completions)])
    if isinstance(model, GPT2ForSequenceClassification):
        hidden = model.transformer(ids, attention_mask=attention).last_hidden_state
        return model.score(hidden).squeeze(-1).gather(1, places)
    logits = model(ids, attention_mask=attention).logits
    return logits.gather(1, places[..., None].expand(-1, -1, logits.shape[-1]))


def token_logs(model, prompts, completions):
    logs = forward(model, prompts, completions).log_softmax(-1)
    chosen = logs.gather(-1, padded(completions)[..., None]).squeeze(-1)
    return chosen, -(logs.exp() * logs).sum(-1)


def estimates(rewards, values, lengths):
    """Generalized advantage estimation, backwards from each answer's own end."""
    advantages = torch.zeros_like(rewards)
    for row, length in enumerate(lengths):
        following = 0.0
        for t in reversed(range(length)):
            next_value = values[row, t + 1] if t + 1 < length else 0.0
            delta = rewards[row, t] + GAMMA * next_value - values[row, t]
            following = delta + GAMMA * LAMBDA * following
            advantages[row, t] = following
    return advantages, advantages + values


def main():
    policy = GPT2LMHeadModel.from_pretrained(TINY, dtype=torch.float64).eval()
    reference = GPT2LMHeadModel.from_pretrained(TINY, dtype=torch.float64).eval()
    critic = GPT2ForSequenceClassification.from_pretrained(REWARD, dtype=torch.float64, num_labels=1).eval()
    trained = [list(policy.parameters()), list(critic.parameters())]
    optimizers = [torch.optim.AdamW(p, lr=rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
                  for p, rate in zip(trained, (RATE, CRITIC_RATE))]
    updates = []
    for update in range(UPDATES):
        prompts = PROMPTS[update * EPISODES:(update + 1) * EPISODES]
        completions = COMPLETIONS[update]
        lengths = [len(c) for c in completions]
        mask = padded([[1.0] * n for n in lengths]).to(torch.float64)
        tokens = mask.sum()

        def mean(values):
            return (values * mask).sum() / tokens

        def ragged(values):
            return [numbers(row[:n]) for row, n in zip(values, lengths)]

        with torch.no_grad():
            old, _ = token_logs(policy, prompts, completions)
            frozen, _ = token_logs(reference, prompts, completions)
            old_values = forward(critic, prompts, completions)
        ended = torch.tensor([c[-1] == 0 for c in completions])
        scores = torch.where(ended, SCORES[update], torch.full_like(SCORES[update], PENALTY))
        k1 = (old - frozen) * mask
        k3 = (torch.exp(-k1) - 1 + k1) * mask
        rewards = -BETA * k1
        for row, n in enumerate(lengths):
            rewards[row, n - 1] += scores[row]
        advantages, returns = estimates(rewards, old_values * mask, lengths)
        centre = mean(advantages)
        spread = (((advantages - centre) ** 2) * mask).sum() / (tokens - 1)
        whitened = (advantages - centre) / torch.sqrt(spread + 1e-8) * mask

        steps = []
        for _ in range(EPOCHS):
            new, entropy = token_logs(policy, prompts, completions)
            values = forward(critic, prompts, completions)
            ratio = torch.exp(new - old)
            unclipped, clipped = -whitened * ratio, -whitened * ratio.clamp(1 - CLIP, 1 + CLIP)
            policy_loss = mean(torch.maximum(unclipped, clipped))
            near = torch.minimum(torch.maximum(values, old_values - VALUE_CLIP), old_values + VALUE_CLIP)
            errors, near_errors = (values - returns) ** 2, (near - returns) ** 2
            value_loss = 0.5 * mean(torch.maximum(errors, near_errors))
            for optimizer in optimizers:
                optimizer.zero_grad()
            policy_loss.backward()
            value_loss.backward()
            norms = [torch.nn.utils.clip_grad_norm_(p, MAX_NORM) for p in trained]
            for optimizer in optimizers:
                optimizer.step()
            steps.append({
                "loss/policy_avg": policy_loss, "loss/value_avg": value_loss,
                "policy/approxkl_avg": mean(0.5 * (new - old) ** 2),
                "policy/clipfrac_avg": mean((clipped > unclipped).double()),
                "policy/entropy_avg": mean(entropy),
                "val/clipfrac_avg": mean((near_errors > errors).double()),
                "val/ratio": mean(ratio), "grad_norm": norms[0]})

        row = {key: number(torch.stack([s[key].detach() for s in steps]).mean()) for key in steps[0]}
        row["val/ratio_var"] = number(torch.stack([s["val/ratio"].detach() for s in steps]).var(correction=0))
        penalty = -BETA * k1.sum(1).mean()
        row |= {
            "objective/kl": number(k1.sum(1).mean()), "objective/kl_k3": number(k3.sum(1).mean()),
            "objective/entropy": number(-(old * mask).sum(1).mean()),
            "objective/non_score_reward": number(penalty), "objective/scores": number(scores.mean()),
            "objective/rlhf_reward": number(scores.mean() + penalty),
            "val/eos_rate": number(ended.double().mean()), "val/num_eos_tokens": number(ended.double().sum()),
            "completions/mean_length": number(torch.tensor(lengths, dtype=torch.float64).mean())}
        flat = [(r, v) for rs, vs, n in zip(returns, old_values, lengths) for r, v in zip(rs[:n], vs[:n])]
        all_returns = torch.stack([r for r, _ in flat])
        left = torch.stack([r - v for r, v in flat])
        row["val/var_explained"] = number(1 - left.var(correction=0) / all_returns.var(correction=0))
        assert 0 < row["policy/clipfrac_avg"] < 1 and row["val/clipfrac_avg"] > 0
        updates.append({"scores": numbers(SCORES[update]), "completions": completions,
                        "prompts": prompts, "advantages": ragged(whitened), "returns": ragged(returns),
                        "metrics": row})
    write_json(FIXTURES / "losses" / "ppo_update.json", {
        "klCoefficient": number(single(BETA)), "discount": number(single(GAMMA)),
        "gaeLambda": number(single(LAMBDA)), "missingEndScore": number(single(PENALTY)),
        "epochs": EPOCHS, "learningRate": number(single(RATE)), "criticRate": number(single(CRITIC_RATE)),
        "updates": updates})


main()
