"""What TRL's RewardTrainer computes with margins and centring, and the losses of rankings and ratings.

Writes Fixtures/trl/rewards.json. The run comes from TRL's own training loop on Fixtures/gpt2 in float32, in
the order of the file; the Plackett-Luce, classification and regression losses are written out in PyTorch
in float64, with their gradients.
"""

import json
import tempfile
import warnings

import torch
from datasets import Dataset
from tokenizers import Tokenizer
from torch.utils.data import SequentialSampler
from transformers import AutoTokenizer, GPT2ForSequenceClassification
from trl import RewardConfig, RewardTrainer

from writing import FIXTURES, number, numbers, single, write_json

warnings.filterwarnings("ignore")
REWARD = FIXTURES / "gpt2" / "reward"
PAIRS = [json.loads(line) for line in (FIXTURES / "gpt2" / "pairs.jsonl").read_text().splitlines()]
BATCH, STEPS, CENTERING = 4, 10, 0.02
generator = torch.Generator().manual_seed(7)


class FileOrder(RewardTrainer):
    def _get_train_sampler(self, dataset=None):
        return SequentialSampler(self.train_dataset)


def run(margins):
    tokenizer = AutoTokenizer.from_pretrained(REWARD)
    plain = Tokenizer.from_file(str(REWARD / "tokenizer.json"))

    def ids(*texts):
        return sum((plain.encode(t, add_special_tokens=False).ids for t in texts), []) + [0]
    rows = PAIRS[:BATCH * STEPS]
    chosen = [ids(row["prompt"], row["chosen"]) for row in rows]
    rejected = [ids(row["prompt"], row["rejected"]) for row in rows]
    # The score is read before the first padding token, which no row may hold.
    used = {i for row in chosen + rejected for i in row}
    tokenizer.pad_token = tokenizer.convert_ids_to_tokens(
        max(i for i in range(tokenizer.vocab_size) if i not in used))
    model = GPT2ForSequenceClassification.from_pretrained(
        REWARD, dtype=torch.float32, pad_token_id=tokenizer.pad_token_id)
    trainer = FileOrder(
        model=model, processing_class=tokenizer,
        train_dataset=Dataset.from_dict(
            {"chosen_ids": chosen, "rejected_ids": rejected, "margin": margins}),
        args=RewardConfig(
            output_dir=tempfile.mkdtemp(), per_device_train_batch_size=BATCH, max_steps=STEPS,
            learning_rate=1e-3, lr_scheduler_type="linear", warmup_steps=0, max_grad_norm=1.0,
            weight_decay=0.0, logging_steps=1, report_to=[], use_cpu=True, bf16=False,
            gradient_checkpointing=False, save_strategy="no", max_length=64, disable_tqdm=True,
            pad_token=tokenizer.pad_token, center_rewards_coefficient=CENTERING,
            adam_beta1=0.9, adam_beta2=0.999, adam_epsilon=1e-8))
    trainer.train()
    return [{"loss": single(torch.tensor(log["loss"])), "gradientNorm": log["grad_norm"],
             "accuracy": log["accuracy"], "margin": log["margin"]}
            for log in trainer.state.log_history if "loss" in log]


def plackett_luce(scores, tiers):
    """Each of a tier is chosen before all that is worse; equals are not compared."""
    loss = 0.0
    for index, tier in enumerate(tiers):
        worse = [i for later in tiers[index + 1:] for i in later]
        if worse:
            for i in tier:
                loss = loss - torch.log_softmax(scores[[i] + worse], 0)[0]
    return loss


def ranking_cases():
    cases = []
    for name, rankings in [
        ("a pair", [[[0], [1]]]), ("four in order", [[[2], [0], [3], [1]]]),
        ("ties", [[[0, 3], [1], [2, 4]], [[6], [5, 7]]]), ("one tier", [[[0, 1]], [[2], [3]]]),
    ]:
        count = 1 + max(i for r in rankings for tier in r for i in tier)
        scores = single(2 * torch.randn(count, generator=generator, dtype=torch.float64))
        scores.requires_grad_()
        weights = [0.5 + 0.25 * i for i in range(len(rankings))]
        loss = sum(w * plackett_luce(scores, r) for w, r in zip(weights, rankings))
        loss.backward()
        cases.append({"name": name, "rankings": rankings, "weights": weights,
                      "scores": numbers(scores), "loss": number(loss),
                      "gradients": numbers(scores.grad)})
    return cases


def rating_cases():
    cases = []
    for name, targets in [("classifier", [1.0, 0.0, 1.0, 0.0, 1.0]),
                          ("regression", [0.5, -1.25, 2.0, 0.0, 1.0])]:
        scores = single(3 * torch.randn(5, generator=generator, dtype=torch.float64))
        scores[3] = 40.0
        scores.requires_grad_()
        target = torch.tensor(targets, dtype=torch.float64)
        if name == "classifier":
            # Two logits, (0, r): the softmax's cross-entropy, the positive logit being the score.
            logits = torch.stack([torch.zeros(5, dtype=torch.float64), scores], 1)
            loss = torch.nn.functional.cross_entropy(logits, target.long())
        else:
            loss = torch.nn.functional.mse_loss(scores, target)
        loss.backward()
        cases.append({"name": name, "targets": targets, "scores": numbers(scores),
                      "loss": number(loss), "gradients": numbers(scores.grad)})
    return cases


def main():
    margins = [float(single(0.25 * (i % 5))) for i in range(BATCH * STEPS)]
    steps = run(margins)
    write_json(FIXTURES / "trl" / "rewards.json", {
        "batchSize": BATCH, "learningRate": 1e-3, "centeringCoefficient": CENTERING,
        "margins": margins,
        "steps": [{key: number(torch.tensor(value)) for key, value in step.items()}
                  for step in steps],
        "rankings": ranking_cases(), "ratings": rating_cases(),
    })


if __name__ == "__main__":
    main()
