"""What TRL's KTOTrainer computes: its losses on fixed log-probabilities, and ten steps of training.

Writes Fixtures/trl/unpaired.json. The losses come from the trainer's own `_compute_loss`, with a
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
from datasets.utils.logging import disable_progress_bar as disable_map_bar
from transformers import AutoTokenizer, GPT2LMHeadModel
from transformers.utils.logging import disable_progress_bar
from trl import KTOConfig, KTOTrainer

from writing import FIXTURES, number, numbers, single, write_json

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
disable_progress_bar()
disable_map_bar()

TINY = FIXTURES / "gpt2" / "tiny"
PAIRS = [json.loads(line) for line in (FIXTURES / "gpt2" / "pairs.jsonl").read_text().splitlines()]
# One answer of each pair, good and bad in turn; the tenth batch has bad ones only.
ROWS = [{"prompt": pair["prompt"], "completion": pair[side], "label": side == "chosen"}
        for number_, pair in enumerate(PAIRS)
        for side in ["rejected" if number_ % 3 == 1 or number_ >= 36 else "chosen"]]
BATCH, STEPS = 4, 10

# Our name, TRL's loss type, and what good and bad answers count.
LOSSES = [("kto", "kto", 1.0, 1.0), ("kto weighted", "kto", 1.5, 0.75),
          ("apo-zero", "apo_zero_unpaired", 1.0, 1.0)]


def trainer(kind, good, bad, beta=0.1):
    return KTOTrainer(
        model=GPT2LMHeadModel.from_pretrained(TINY, dtype=torch.float32),
        ref_model=GPT2LMHeadModel.from_pretrained(TINY, dtype=torch.float32),
        args=KTOConfig(
            output_dir=tempfile.mkdtemp(), loss_type=kind, beta=beta, desirable_weight=good,
            undesirable_weight=bad, per_device_train_batch_size=BATCH, max_steps=STEPS,
            learning_rate=1e-3, lr_scheduler_type="linear", warmup_steps=0, max_grad_norm=1.0,
            weight_decay=0.0, logging_steps=1, report_to=[], use_cpu=True, bf16=False,
            gradient_checkpointing=False, save_strategy="no", max_length=64, disable_tqdm=True,
            train_sampling_strategy="sequential", seed=1),
        train_dataset=Dataset.from_list(ROWS), processing_class=AutoTokenizer.from_pretrained(TINY))


def fixed_case(name, kind, good, bad, beta, lengths, labels, shift, generator):
    """The loss, and its gradient with respect to every token's log-probability.

    `shift` is added to what the policy says of answers to other prompts: below 0 the reference point
    is clamped.
    """
    rows, prompt = len(lengths), 2
    others = [length + 1 for length in lengths]  # another width: how the stand-in tells them apart

    def padded(lengths):
        logps = single(-torch.randn(rows, max(lengths), generator=generator).abs() * 2)
        mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
        completion = torch.cat([torch.zeros(rows, prompt, dtype=torch.long), mask.long()], 1)
        return single(logps * mask), mask, completion

    logps, mask, completion = padded(lengths)
    logps.requires_grad_()
    other_logps, other_mask, other_completion = padded(others)
    reference = single((logps.detach() * mask).sum(1) + 3 * torch.randn(rows, generator=generator))
    other_sums = single(other_logps.sum(1))
    other_reference = single(other_sums - shift + 0.5 * torch.randn(rows, generator=generator))

    def model(input_ids, **_):
        given = other_logps if input_ids.shape[1] == other_completion.shape[1] else logps * mask
        values = torch.cat([torch.zeros(rows, prompt - 1, dtype=torch.float64), given], 1)
        return SimpleNamespace(log_probs=values, entropy=torch.zeros_like(values),
                               mean_logits=torch.zeros_like(values))

    subject = trainer(kind, good, bad, beta)
    subject.precompute_ref_logps = True
    loss = subject._compute_loss(model, {
        "input_ids": torch.zeros_like(completion), "attention_mask": torch.ones_like(completion),
        "completion_mask": completion, "label": torch.tensor(labels), "ref_logps": reference,
        "KL_input_ids": torch.zeros_like(other_completion),
        "KL_attention_mask": torch.ones_like(other_completion),
        "KL_completion_mask": other_completion, "ref_KL_logps": other_reference}, False)
    loss.backward()

    def ragged(values):
        return [numbers(row[:length]) for row, length in zip(values, lengths)]

    return {"name": name, "beta": number(single(beta)), "isGood": labels,
            "logProbabilities": ragged(logps), "reference": numbers(reference),
            "otherPolicy": numbers(other_sums), "otherReference": numbers(other_reference),
            "referencePoint": number(single(subject._metrics["eval"]["kl"][-1])),
            "loss": number(loss), "gradients": ragged(logps.grad)}


def run(name, kind, good, bad):
    subject = trainer(kind, good, bad)
    rows = [{"prompt": row["prompt_ids"], "completion": row["completion_ids"],
             "isGood": bool(row["label"])} for row in subject.train_dataset]
    subject.train()
    keys = {"loss": "loss", "grad_norm": "gradientNorm", "kl": "referencePoint",
            "rewards/chosen": "goodReward", "rewards/rejected": "badReward",
            "logps/chosen": "goodLogProbability", "logps/rejected": "badLogProbability"}
    steps = [{ours: number(row[theirs]) for theirs, ours in keys.items() if theirs in row}
             for row in subject.state.log_history[:STEPS]]
    assert any(step.get("referencePoint", 0) > 0 for step in steps) or kind != "kto"
    return rows, {"name": name, "steps": steps}


def main():
    generator = torch.Generator().manual_seed(13)
    fixed = [
        fixed_case(name, kind, good, bad, beta, lengths, labels, shift, generator)
        for name, kind, good, bad in LOSSES for beta in (0.1, 0.5)
        for lengths, labels, shift in [([5, 1, 7, 3], [True, False, False, True], 2.0),
                                       ([2, 6], [True, True], -2.0), ([4, 3], [False, False], 1.0)]]
    runs = []
    for loss in LOSSES:
        rows, result = run(*loss)
        runs.append(result)
    write_json(FIXTURES / "trl" / "unpaired.json", {
        "weights": {name: [good, bad] for name, _, good, bad in LOSSES},
        "batchSize": BATCH, "learningRate": number(1e-3), "beta": number(0.1), "rows": rows,
        "fixed": fixed, "runs": runs})


main()
