"""What TRL's OnlineDPOTrainer computes when it is given the answers and their scores.

Writes Fixtures/trl/online_dpo.json: ten steps of its own training loop on Fixtures/gpt2/tiny in float32,
with generation replaced by answers drawn here.
"""

import json
import logging
import tempfile
import warnings

import torch
from datasets import Dataset
from datasets.utils.logging import disable_progress_bar as disable_map_bar
from torch.utils.data import SequentialSampler
from transformers import AutoTokenizer, GPT2LMHeadModel
from transformers.utils.logging import disable_progress_bar
from trl.experimental.online_dpo import OnlineDPOConfig, OnlineDPOTrainer

from writing import FIXTURES, number, numbers, single, write_json

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
disable_progress_bar()
disable_map_bar()

TINY = FIXTURES / "gpt2" / "tiny"
ROWS = [json.loads(line) for line in (FIXTURES / "gpt2" / "rows.jsonl").read_text().splitlines()]
PROMPT_COUNT, LONGEST, STEPS = 2, 8, 10
TOKENIZER = AutoTokenizer.from_pretrained(TINY)


def prompts():
    """Two prompts a step, of equal length: TRL pads on the left and leaves positions as they are."""
    by_length = {}
    for text in dict.fromkeys(row["prompt"] for row in ROWS):
        by_length.setdefault(len(TOKENIZER(text)["input_ids"]), []).append(text)
    pairs = [texts[i:i + 2] for _, texts in sorted(by_length.items())
             for i in range(0, len(texts) - 1, 2)]
    chosen = [text for pair in pairs[:STEPS] for text in pair]
    assert len(chosen) == PROMPT_COUNT * STEPS
    return chosen


PROMPTS = prompts()
generator = torch.Generator().manual_seed(19)
# The first answers to both prompts, then the second ones, as the trainer orders them.
COMPLETIONS, SCORES = [], []
for _ in range(STEPS):
    answers = []
    for _ in range(2 * PROMPT_COUNT):
        length = int(torch.randint(1, LONGEST + 1, (1,), generator=generator))
        ids = torch.randint(1, 512, (length,), generator=generator).tolist()
        answers.append(ids[:-1] + [0])
    COMPLETIONS.append(answers)
    SCORES.append(numbers(single(torch.randn(2 * PROMPT_COUNT, generator=generator))))


class Given(OnlineDPOTrainer):
    calls = 0

    def _get_train_sampler(self, dataset=None):
        return SequentialSampler(self.train_dataset)

    def _generate(self, model, texts, images=None):
        answers = COMPLETIONS[self.calls]
        self.calls += 1
        prompt_ids = torch.tensor([TOKENIZER(text)["input_ids"] for text in texts]).repeat(2, 1)
        longest = max(map(len, answers))
        completion_ids = torch.tensor([ids + [0] * (longest - len(ids)) for ids in answers])
        lengths = torch.tensor([len(ids) for ids in answers])
        mask = (torch.arange(longest) < lengths[:, None]).long()
        return prompt_ids, torch.ones_like(prompt_ids), completion_ids, mask, None

    def training_step(self, *given):
        loss = super().training_step(*given)
        self.losses = getattr(self, "losses", []) + [float(loss)]
        return loss


def run(loss, beta):
    given = []

    def score(completions, **_):
        given.append(1)
        return [float(value) for value in SCORES[len(given) - 1]]

    subject = Given(
        model=GPT2LMHeadModel.from_pretrained(TINY, dtype=torch.float32),
        ref_model=GPT2LMHeadModel.from_pretrained(TINY, dtype=torch.float32), reward_funcs=score,
        args=OnlineDPOConfig(
            output_dir=tempfile.mkdtemp(), loss_type=loss, beta=beta, max_new_tokens=LONGEST,
            max_length=64, temperature=1.0, per_device_train_batch_size=PROMPT_COUNT,
            max_steps=STEPS, learning_rate=1e-3, lr_scheduler_type="constant", warmup_steps=0,
            max_grad_norm=1.0, weight_decay=0.0, logging_steps=1, report_to=[], use_cpu=True,
            bf16=False, gradient_checkpointing=False, save_strategy="no", disable_tqdm=True, seed=1),
        train_dataset=Dataset.from_list([{"prompt": text} for text in PROMPTS]),
        processing_class=TOKENIZER)
    subject.train()
    keys = {"grad_norm": "gradientNorm", "rewards/chosen": "chosenReward",
            "rewards/rejected": "rejectedReward"}
    steps = [{"loss": number(loss_)} | {ours: number(row[theirs]) for theirs, ours in keys.items()}
             for loss_, row in zip(subject.losses, subject.state.log_history)]
    assert len(steps) == STEPS
    return {"name": loss, "beta": number(single(beta)), "steps": steps}


def main():
    write_json(FIXTURES / "trl" / "online_dpo.json", {
        "learningRate": number(1e-3), "longest": LONGEST,
        "prompts": [TOKENIZER(text)["input_ids"] for text in PROMPTS], "completions": COMPLETIONS,
        "scores": SCORES, "runs": [run("sigmoid", 0.1), run("sigmoid", 0.5)]})


main()
