"""What TRL's DPOTrainer computes: its losses on fixed log-probabilities, and ten steps of training.

Writes Fixtures/trl/preferences.json. The losses come from the trainer's own `_compute_loss`, with a
stand-in for the model that answers with given log-probabilities in float64; the runs from its own
training loop on Fixtures/gpt2 in float32, in the order of the file.
"""

import json
import logging
import tempfile
import warnings
from types import SimpleNamespace

import torch
from datasets import Dataset
from torch.utils.data import SequentialSampler
from transformers import AutoTokenizer, GPT2LMHeadModel
from transformers.utils.logging import disable_progress_bar
from trl import DPOConfig, DPOTrainer

from datasets.utils.logging import disable_progress_bar as disable_map_bar

from writing import FIXTURES, number, numbers, single, write_json

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
disable_progress_bar()
disable_map_bar()

TINY = FIXTURES / "gpt2" / "tiny"
PAIRS = [json.loads(line) for line in (FIXTURES / "gpt2" / "pairs.jsonl").read_text().splitlines()]
BATCH, STEPS = 4, 10

# Our name, TRL's loss types with their weights, and the smoothing.
LOSSES = [
    ("sigmoid", ["sigmoid"], [1.0], 0.0), ("robust", ["robust"], [1.0], 0.2),
    ("ipo", ["ipo"], [1.0], 0.0), ("hinge", ["hinge"], [1.0], 0.0),
    ("length-normalized", ["sigmoid_norm"], [1.0], 0.0), ("apo-zero", ["apo_zero"], [1.0], 0.0),
    ("apo-down", ["apo_down"], [1.0], 0.0), ("sigmoid and sft", ["sigmoid", "sft"], [1.0, 0.5], 0.0),
    # cDPO: TRL has it as `aot_unpaired` of one pair; with one pair nothing is sorted.
    ("smoothed", ["aot"], [1.0], 0.2),
]


class FileOrder(DPOTrainer):
    def _get_train_sampler(self, dataset=None):
        return SequentialSampler(self.train_dataset)


def trainer(types, weights, smoothing, beta=0.1, batch=BATCH, steps=STEPS, order=FileOrder):
    tokenizer = AutoTokenizer.from_pretrained(TINY)
    return order(
        model=GPT2LMHeadModel.from_pretrained(TINY, dtype=torch.float32),
        ref_model=GPT2LMHeadModel.from_pretrained(TINY, dtype=torch.float32),
        args=DPOConfig(
            output_dir=tempfile.mkdtemp(), loss_type=types, loss_weights=weights,
            label_smoothing=smoothing, beta=beta, per_device_train_batch_size=batch,
            max_steps=steps, learning_rate=1e-3, lr_scheduler_type="linear", warmup_steps=0,
            max_grad_norm=1.0, weight_decay=0.0, logging_steps=1, report_to=[], use_cpu=True,
            bf16=False, gradient_checkpointing=False, save_strategy="no", max_length=64,
            disable_tqdm=True, seed=1),
        train_dataset=Dataset.from_list(PAIRS), processing_class=tokenizer)


def fixed_case(name, types, weights, smoothing, beta, lengths, generator):
    """Losses and gradients with respect to every token's log-probability."""
    pairs = len(lengths[0])
    rows = lengths[0] + lengths[1]
    longest, prompt = max(rows), 2
    logps = single(-torch.randn(2 * pairs, longest, generator=generator).abs() * 2)
    mask = torch.arange(longest) < torch.tensor(rows)[:, None]
    logps = (logps * mask).requires_grad_()
    reference = single((logps.detach() * mask).sum(1)
                       + 3 * torch.randn(2 * pairs, generator=generator))
    padded = torch.cat([torch.zeros(2 * pairs, prompt - 1, dtype=torch.float64), logps * mask], 1)
    completion = torch.cat([torch.zeros(2 * pairs, prompt, dtype=torch.long), mask.long()], 1)

    def model(**_):
        return SimpleNamespace(log_probs=padded, entropy=torch.zeros_like(padded),
                               mean_logits=torch.zeros_like(padded),
                               is_top1=torch.zeros_like(padded, dtype=torch.bool))

    subject = trainer(types, weights, smoothing, beta, order=DPOTrainer)
    subject.precompute_ref_logps = True
    loss = subject._compute_loss(model, {
        "input_ids": torch.zeros_like(completion), "attention_mask": torch.ones_like(completion),
        "completion_mask": completion, "ref_chosen_logps": reference[:pairs],
        "ref_rejected_logps": reference[pairs:]}, False)
    loss.backward()

    def ragged(values):
        return [numbers(row[:length]) for row, length in zip(values, rows)]

    return {"name": name, "beta": number(single(beta)), "noise": number(single(smoothing)),
            "chosenCount": pairs, "logProbabilities": ragged(logps),
            "reference": numbers(reference), "loss": number(loss), "gradients": ragged(logps.grad)}


def run(name, types, weights, smoothing):
    subject = trainer(types, weights, smoothing)
    tokens = [len(row["prompt_ids"]) for row in subject.train_dataset]
    subject.train()
    steps = []
    for row in subject.state.log_history[:STEPS]:
        steps.append({
            "loss": number(row["loss"]), "gradientNorm": number(row["grad_norm"]),
            "chosenReward": number(row["rewards/chosen"]),
            "rejectedReward": number(row["rewards/rejected"]),
            "accuracy": number(row["rewards/accuracies"]),
            "chosenLogProbability": number(row["logps/chosen"]),
            "rejectedLogProbability": number(row["logps/rejected"])})
    return {"name": name, "noise": number(single(smoothing)), "promptLengths": tokens[:BATCH],
            "steps": steps}


def main():
    generator = torch.Generator().manual_seed(7)
    fixed = []
    for name, types, weights, smoothing in LOSSES:
        lengths = ([5], [3]) if name == "smoothed" else ([5, 1, 7], [2, 6, 3])
        for beta in (0.1, 0.5):
            fixed.append(fixed_case(name, types, weights, smoothing, beta, lengths, generator))
    runs = [run(*loss) for loss in LOSSES if loss[0] != "smoothed"]
    write_json(FIXTURES / "trl" / "preferences.json", {
        "fixed": fixed, "batchSize": BATCH, "learningRate": number(1e-3), "beta": number(0.1),
        "sftCoefficient": 0.5, "runs": runs})


main()
