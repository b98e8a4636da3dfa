"""What TRL's RLOOTrainer and GRPOTrainer compute when both are given the same answers and scores.

Writes Fixtures/trl/groups.json. Losses and gradients on fixed log-probabilities come from the trainers'
own `_compute_loss`; the runs, from their own training loops on Fixtures/gpt2/tiny in float32, with
generation replaced by answers drawn here. Each set of answers is used for two optimizer steps, so that
ratios leave 1 and are clipped.
"""

import json
import logging
import tempfile
import warnings

import torch
from datasets import Dataset
from datasets.utils.logging import disable_progress_bar as disable_map_bar
from transformers import AutoTokenizer, GPT2LMHeadModel
from transformers.utils.logging import disable_progress_bar
from trl import GRPOConfig, GRPOTrainer, RLOOConfig, RLOOTrainer

from writing import FIXTURES, number, numbers, single, write_json

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
disable_progress_bar()
disable_map_bar()

TINY = FIXTURES / "gpt2" / "tiny"
ROWS = [json.loads(line) for line in (FIXTURES / "gpt2" / "rows.jsonl").read_text().splitlines()]
GROUPS, SIZE, LONGEST, STEPS, EPOCHS = 2, 4, 8, 10, 2
UPDATES = STEPS // EPOCHS

def prompts():
    """Two prompts an update, of equal length: TRL pads on the left and leaves GPT-2's learned positions
    as they are, so that a padded prompt would stand at other positions than alone."""
    tokenizer = AutoTokenizer.from_pretrained(TINY)
    by_length = {}
    for row in ROWS:
        by_length.setdefault(len(tokenizer(row["prompt"])["input_ids"]), []).append(row["prompt"])
    pairs = [rows[i:i + GROUPS] for _, rows in sorted(by_length.items())
             for i in range(0, len(rows) - GROUPS + 1, GROUPS)]
    chosen = [text for pair in pairs[:UPDATES] for text in pair]
    assert len(chosen) == GROUPS * UPDATES
    return chosen, [tokenizer(text)["input_ids"] for text in chosen]


PROMPTS, PROMPT_IDS = prompts()
generator = torch.Generator().manual_seed(11)
COMPLETIONS, SCORES = [], []
for _ in range(UPDATES):
    answers = []
    for _ in range(GROUPS * SIZE):
        length = int(torch.randint(1, LONGEST + 1, (1,), generator=generator))
        ids = torch.randint(1, 512, (length,), generator=generator).tolist()
        answers.append(ids[:-1] + [0] if torch.rand(1, generator=generator) < 0.7 else ids)
    COMPLETIONS.append(answers)
    SCORES.append(numbers(single(torch.randn(GROUPS * SIZE, generator=generator))))
# A group whose scores are all equal has nothing to teach.
SCORES[1][:SIZE] = SCORES[1][:1] * SIZE


class Given:
    """Answers and advantages of the update at hand."""

    def _generate_single_turn(self, prompt_ids, *_):
        self.calls = getattr(self, "calls", 0) + 1
        ids = COMPLETIONS[self.calls - 1]
        return (ids, None) if isinstance(self, GRPOTrainer) else ids

    def _generate_and_score_completions(self, inputs):
        output = super()._generate_and_score_completions(inputs)
        self.seen = getattr(self, "seen", []) + [numbers(output["advantages"])]
        return output


class GivenRLOO(Given, RLOOTrainer):
    pass


class GivenGRPO(Given, GRPOTrainer):
    pass


COMMON = dict(
    per_device_train_batch_size=GROUPS * SIZE, num_generations=SIZE, num_iterations=EPOCHS,
    gradient_accumulation_steps=1, steps_per_generation=1, max_completion_length=LONGEST,
    learning_rate=2e-3, lr_scheduler_type="constant", warmup_steps=0, max_grad_norm=1.0,
    weight_decay=0.0, max_steps=STEPS, logging_steps=1, report_to=[], use_cpu=True, bf16=False,
    gradient_checkpointing=False, save_strategy="no", disable_tqdm=True, shuffle_dataset=False,
    temperature=1.0, seed=1)
RUNS = [
    ("rloo", dict(beta=0.05)), ("rloo standardized", dict(beta=0.1, normalize_advantages=True)),
    ("grpo sequence group", dict(beta=0.05, loss_type="grpo", scale_rewards="group")),
    ("grpo token batch", dict(beta=0.0, loss_type="bnpo", scale_rewards="batch")),
    ("grpo fixed none", dict(beta=0.1, loss_type="dr_grpo", scale_rewards="none")),
    ("grpo token group high", dict(beta=0.05, loss_type="dapo", scale_rewards="group",
                                   epsilon_high=0.28)),
]


def trainer(name, settings):
    kind, config = (GivenRLOO, RLOOConfig) if name.startswith("rloo") else (GivenGRPO, GRPOConfig)
    if kind is GivenGRPO:
        settings = settings | dict(use_bias_correction_kl=False)  # the paper's KL term
    given = []

    def score(completions, **_):
        given.append(1)
        return [float(value) for value in SCORES[len(given) - 1]]

    return kind(
        model=GPT2LMHeadModel.from_pretrained(TINY, dtype=torch.float32), reward_funcs=score,
        args=config(output_dir=tempfile.mkdtemp(), **COMMON, **settings),
        train_dataset=Dataset.from_list([{"prompt": text} for text in PROMPTS]),
        processing_class=AutoTokenizer.from_pretrained(TINY))


def run(name, settings):
    subject = trainer(name, settings)
    subject.train()
    assert subject.calls == UPDATES
    steps = []
    for row in subject.state.log_history[:STEPS]:
        steps.append({"loss": number(row["loss"]), "gradientNorm": number(row["grad_norm"]),
                      "entropy": number(row["entropy"]),
                      "clipFraction": number(row["clip_ratio/region_mean"])})
    assert any(step["clipFraction"] > 0 for step in steps)
    return {"name": name, "beta": number(single(settings["beta"])), "advantages": subject.seen,
            "steps": steps}


def fixed_case(name, settings, lengths):
    """A batch of given log-probabilities, with ratios far enough from 1 to be clipped."""
    subject = trainer(name, settings)
    subject.model.eval()
    rows, longest = len(lengths), max(lengths)
    mask = (torch.arange(longest) < torch.tensor(lengths)[:, None]).long()
    old = single(-2 * torch.randn(rows, longest, generator=generator).abs()) * mask
    new = (single(old + 0.3 * torch.randn(rows, longest, generator=generator)) * mask)
    reference = single(old + 0.3 * torch.randn(rows, longest, generator=generator)) * mask
    advantages = single(torch.randn(rows, generator=generator))
    new.requires_grad_()
    subject._get_per_token_logps_and_entropies = lambda *_, **__: (new, torch.zeros_like(new), None)
    loss = subject._compute_loss(subject.model, {
        "prompt_ids": torch.zeros(rows, 1, dtype=torch.long),
        "prompt_mask": torch.ones(rows, 1, dtype=torch.long), "completion_ids": mask,
        "completion_mask": mask, "advantages": advantages, "old_per_token_logps": old,
        "old_logps": (old * mask).sum(1), "ref_per_token_logps": reference,
        "num_items_in_batch": mask.sum()})
    loss.backward()

    def ragged(values):
        return [numbers(row[:length]) for row, length in zip(values, lengths)]

    return {"name": name, "beta": number(single(settings["beta"])), "new": ragged(new),
            "old": ragged(old), "reference": ragged(reference), "advantages": numbers(advantages),
            "loss": number(loss), "gradients": ragged(new.grad)}


def main():
    fixed = [fixed_case(name, settings, lengths) for name, settings in RUNS
             for lengths in ([5, 1, 7], [2, 6])]
    runs = [run(name, settings) for name, settings in RUNS]
    write_json(FIXTURES / "trl" / "groups.json", {
        "groupSize": SIZE, "epochs": EPOCHS, "longest": LONGEST,
        "learningRate": number(COMMON["learning_rate"]),
        "prompts": PROMPT_IDS,
        "completions": COMPLETIONS, "scores": SCORES, "fixed": fixed, "runs": runs})


main()
