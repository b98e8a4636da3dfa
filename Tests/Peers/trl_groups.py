"""An update of TRL's RLOOTrainer or GRPOTrainer: answers, scores and one optimizer step.

    python trl_groups.py MODEL --method rloo --episodes 16

Four answers of 32 tokens to each prompt of 32; temperature 1, no token ends an answer; scores cost nothing;
a reference model with β 0.05. No gradient checkpointing, no logs, nothing saved.
"""

import tempfile

import torch
from datasets import Dataset
from transformers import AutoTokenizer, GPT2LMHeadModel
from trl import GRPOConfig, GRPOTrainer, RLOOConfig, RLOOTrainer

from measuring import TRAINER_BATCHES, RunTimer, options, quiet, random_text

SIZE = 4
NEW_TOKENS = 32


def scores(completion_ids, **_):
    return [float(ids[0] % 7) for ids in completion_ids]


def main():
    chosen = options(__doc__, method="rloo", episodes=16)
    kinds = {"rloo": (RLOOTrainer, RLOOConfig), "grpo": (GRPOTrainer, GRPOConfig)}
    kind, config = kinds[chosen.method]
    timer = RunTimer(chosen.seconds)
    with tempfile.TemporaryDirectory() as folder, quiet():
        trainer = kind(
            model=GPT2LMHeadModel.from_pretrained(chosen.model, dtype=torch.float32),
            reward_funcs=scores, processing_class=AutoTokenizer.from_pretrained(chosen.model),
            train_dataset=Dataset.from_dict({
                "prompt": random_text(TRAINER_BATCHES * chosen.episodes, 32, chosen.seed)}),
            args=config(
                output_dir=folder, per_device_train_batch_size=chosen.episodes,
                num_generations=SIZE, max_completion_length=NEW_TOKENS, beta=0.05, temperature=1.0,
                num_iterations=1, steps_per_generation=1, gradient_accumulation_steps=1,
                generation_kwargs={"min_new_tokens": NEW_TOKENS}, max_steps=10_000,
                learning_rate=1e-6, lr_scheduler_type="constant", max_grad_norm=1.0,
                gradient_checkpointing=False, bf16=False, use_cpu=True, logging_strategy="no",
                save_strategy="no", report_to="none", disable_tqdm=True),
            callbacks=[timer.callback()])
        trainer.train()
    timer.report(f"TRL {kind.__name__}", chosen.episodes, "episodes", ["trl"])


if __name__ == "__main__":
    main()
