"""A step of TRL's SFTTrainer: no packing, no gradient checkpointing, no logs, nothing saved.

    python trl_supervised.py MODEL --rows 4 --length 256
"""

import tempfile

import torch
from datasets import Dataset
from transformers import AutoTokenizer, GPT2LMHeadModel
from trl import SFTConfig, SFTTrainer

from measuring import TRAINER_BATCHES, RunTimer, options, quiet, random_tokens


def main():
    chosen = options(__doc__, rows=16, length=64)
    model = GPT2LMHeadModel.from_pretrained(chosen.model, dtype=torch.float32)
    tokens = random_tokens(
        TRAINER_BATCHES * chosen.rows, chosen.length, model.config.vocab_size, chosen.seed)
    timer = RunTimer(chosen.seconds)
    with tempfile.TemporaryDirectory() as folder, quiet():
        trainer = SFTTrainer(
            model=model, processing_class=AutoTokenizer.from_pretrained(chosen.model),
            train_dataset=Dataset.from_dict({"input_ids": tokens.tolist()}),
            args=SFTConfig(
                output_dir=folder, per_device_train_batch_size=chosen.rows, max_steps=10_000,
                learning_rate=1e-6, lr_scheduler_type="constant", max_grad_norm=1.0,
                max_length=chosen.length, packing=False, gradient_checkpointing=False, bf16=False,
                use_cpu=True, logging_strategy="no", save_strategy="no", report_to="none",
                disable_tqdm=True),
            callbacks=[timer.callback()])
        trainer.train()
    timer.report("TRL SFTTrainer", chosen.rows * chosen.length, "tokens", ["trl"])


if __name__ == "__main__":
    main()
