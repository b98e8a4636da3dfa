"""A step of TRL's RewardTrainer: no gradient checkpointing, no logs, nothing saved.

    python trl_reward.py MODEL --pairs 16 --length 64
"""

import tempfile

import torch
from datasets import Dataset
from transformers import AutoTokenizer, GPT2ForSequenceClassification
from trl import RewardConfig, RewardTrainer

from measuring import TRAINER_BATCHES, RunTimer, options, quiet, random_tokens


def main():
    chosen = options(__doc__, pairs=16, length=64)
    timer = RunTimer(chosen.seconds)
    with tempfile.TemporaryDirectory() as folder, quiet():
        tokenizer = AutoTokenizer.from_pretrained(chosen.model)
        model = GPT2ForSequenceClassification.from_pretrained(
            chosen.model, num_labels=1, pad_token_id=tokenizer.pad_token_id, dtype=torch.float32)
        tokens = random_tokens(
            TRAINER_BATCHES * 2 * chosen.pairs, chosen.length, model.config.vocab_size, chosen.seed)
        # Both sides of a pair begin with its prompt.
        tokens[1::2, :chosen.length // 2] = tokens[0::2, :chosen.length // 2]
        trainer = RewardTrainer(
            model=model, processing_class=tokenizer,
            train_dataset=Dataset.from_dict({
                "chosen_ids": tokens[0::2].tolist(), "rejected_ids": tokens[1::2].tolist()}),
            args=RewardConfig(
                output_dir=folder, per_device_train_batch_size=chosen.pairs, max_steps=10_000,
                learning_rate=1e-6, lr_scheduler_type="constant", max_grad_norm=1.0,
                max_length=chosen.length, gradient_checkpointing=False, bf16=False, use_cpu=True,
                logging_strategy="no", save_strategy="no", report_to="none", disable_tqdm=True),
            callbacks=[timer.callback()])
        trainer.train()
    timer.report("TRL RewardTrainer", chosen.pairs, "pairs", ["trl"])


if __name__ == "__main__":
    main()
