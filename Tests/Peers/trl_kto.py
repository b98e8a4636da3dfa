"""A step of TRL's KTOTrainer, reference and reference point computed in it.

    python trl_kto.py MODEL --answers 32

Prompts have 32 tokens and answers 32, half of them good. No gradient checkpointing, no logs, nothing saved.
"""

import tempfile

import torch
from datasets import Dataset
from transformers import AutoTokenizer, GPT2LMHeadModel
from trl import KTOConfig, KTOTrainer

from measuring import TRAINER_BATCHES, RunTimer, options, quiet, random_text


def main():
    chosen = options(__doc__, answers=32)
    timer = RunTimer(chosen.seconds)
    with tempfile.TemporaryDirectory() as folder, quiet():
        policy, reference = (
            GPT2LMHeadModel.from_pretrained(chosen.model, dtype=torch.float32) for _ in range(2))
        rows = TRAINER_BATCHES * chosen.answers
        trainer = KTOTrainer(
            model=policy, ref_model=reference,
            processing_class=AutoTokenizer.from_pretrained(chosen.model),
            train_dataset=Dataset.from_dict({
                "prompt": random_text(rows, 32, chosen.seed),
                "completion": random_text(rows, 31, chosen.seed + 1),
                "label": [row % 2 == 0 for row in range(rows)]}),
            args=KTOConfig(
                output_dir=folder, per_device_train_batch_size=chosen.answers, max_steps=10_000,
                learning_rate=1e-6, lr_scheduler_type="constant", max_grad_norm=1.0, max_length=64,
                train_sampling_strategy="sequential", gradient_checkpointing=False, bf16=False,
                use_cpu=True, logging_strategy="no", save_strategy="no", report_to="none",
                disable_tqdm=True),
            callbacks=[timer.callback()])
        trainer.train()
    timer.report("TRL KTOTrainer", chosen.answers, "answers", ["trl"])


if __name__ == "__main__":
    main()
