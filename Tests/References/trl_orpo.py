"""What TRL's ORPOTrainer computes: its loss on fixed log-probabilities, and ten steps of training.

Writes Fixtures/trl/orpo.json. The fixed losses come from the trainer's own `odds_ratio_loss` on means of
given log-probabilities, as it calls it; the run from its own training loop on Fixtures/gpt2 in
float32, in the order of the file.
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
from trl.experimental.orpo import ORPOConfig, ORPOTrainer

from writing import FIXTURES, number, numbers, single, write_json

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
disable_progress_bar()
disable_map_bar()

TINY = FIXTURES / "gpt2" / "tiny"
PAIRS = [json.loads(line) for line in (FIXTURES / "gpt2" / "pairs.jsonl").read_text().splitlines()]
BATCH, STEPS = 4, 10


class FileOrder(ORPOTrainer):
    def _get_train_sampler(self, dataset=None):
        return SequentialSampler(self.train_dataset)


def trainer(beta):
    tokenizer = AutoTokenizer.from_pretrained(TINY)
    tokenizer.pad_token = tokenizer.eos_token  # what it pads with is masked
    return FileOrder(
        model=GPT2LMHeadModel.from_pretrained(TINY, dtype=torch.float32),
        args=ORPOConfig(
            output_dir=tempfile.mkdtemp(), beta=beta, per_device_train_batch_size=BATCH,
            max_steps=STEPS, learning_rate=1e-3, lr_scheduler_type="linear", warmup_steps=0,
            max_grad_norm=1.0, weight_decay=0.0, logging_steps=1, report_to=[], use_cpu=True,
            bf16=False, gradient_checkpointing=False, save_strategy="no", max_length=64,
            disable_dropout=True, disable_tqdm=True, seed=1),
        train_dataset=Dataset.from_list(PAIRS), processing_class=tokenizer)


def fixed_case(beta, lengths, generator):
    """The odds-ratio term, and its gradient with respect to every token's log-probability."""
    subject = trainer(beta)
    rows = [[single(-torch.randn(length, generator=generator).abs() * 2).requires_grad_()
             for length in side] for side in lengths]
    means = [torch.stack([row.mean() for row in side]) for side in rows]
    losses, _, _, ratio, odds = subject.odds_ratio_loss(*means)
    loss = -losses.mean()
    loss.backward()
    every = rows[0] + rows[1]
    return {"beta": number(single(beta)), "chosenCount": len(rows[0]),
            "logProbabilities": [numbers(row) for row in every], "loss": number(loss),
            "logSigmoidRatio": number(ratio), "logOddsRatio": number(odds),
            "gradients": [numbers(row.grad) for row in every]}


def run(beta):
    subject = trainer(beta)
    pairs = [{"chosen": row["chosen_input_ids"], "rejected": row["rejected_input_ids"],
              "promptCount": row["chosen_labels"].count(-100)} for row in subject.train_dataset]
    for row in subject.train_dataset:
        assert row["chosen_labels"].count(-100) == row["rejected_labels"].count(-100)
    subject.train()
    keys = {"loss": "loss", "grad_norm": "gradientNorm", "nll_loss": "supervisedLoss",
            "log_odds_ratio": "logSigmoidRatio", "log_odds_chosen": "logOddsRatio",
            "rewards/chosen": "chosenReward", "rewards/rejected": "rejectedReward"}
    steps = [{ours: number(float(row[theirs])) for theirs, ours in keys.items()}
             for row in subject.state.log_history[:STEPS]]
    return pairs, {"beta": number(single(beta)), "steps": steps}


def main():
    generator = torch.Generator().manual_seed(17)
    fixed = [fixed_case(beta, lengths, generator) for beta in (0.1, 1.0)
             for lengths in ([[5, 1, 7], [2, 6, 3]], [[4], [4]])]
    runs = []
    for beta in (0.1, 1.0):
        pairs, result = run(beta)
        runs.append(result)
    write_json(FIXTURES / "trl" / "orpo.json", {
        "batchSize": BATCH, "learningRate": number(1e-3), "pairs": pairs, "fixed": fixed,
        "runs": runs})


main()
