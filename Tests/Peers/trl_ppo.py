"""An update of TRL 1.9.2's PPOTrainer, in steady state: rollouts, scores and all epochs over them.

    python trl_ppo.py MODEL --episodes 16

Prompts have 32 tokens and completions 32; policy, reference, reward and value model have the sizes
of MODEL; 4 epochs of one minibatch; temperature 1, no stop token, no gradient checkpointing,
float32. TRL's PPO always has a separate value model. It needs an interpreter with
requirements-ppo.txt.
"""

import tempfile

import torch
from datasets import Dataset
from transformers import AutoTokenizer, GPT2ForSequenceClassification, GPT2LMHeadModel
from trl.experimental.ppo import PPOConfig, PPOTrainer

from measuring import (
    MOST_RUNS, TRAINER_BATCHES, WARM_UP_RUNS, RunTimer, options, quiet, random_tokens)

PROMPT_LENGTH = 32
NEW_TOKENS = 32


class EnoughRuns(Exception):
    """Ends a run: this trainer does not look at `should_training_stop`."""


class PPORunTimer(RunTimer):
    def lap(self):
        if super().lap():
            raise EnoughRuns


def main():
    chosen = options(__doc__, episodes=16)
    timer = PPORunTimer(chosen.seconds)
    with tempfile.TemporaryDirectory() as folder, quiet():
        tokenizer = AutoTokenizer.from_pretrained(chosen.model, padding_side="left")

        def scoring_model():
            return GPT2ForSequenceClassification.from_pretrained(
                chosen.model, num_labels=1, pad_token_id=tokenizer.pad_token_id,
                dtype=torch.float32)

        policy, reference = (
            GPT2LMHeadModel.from_pretrained(chosen.model, dtype=torch.float32) for _ in range(2))
        prompts = random_tokens(
            TRAINER_BATCHES * chosen.episodes, PROMPT_LENGTH, policy.config.vocab_size, chosen.seed)
        trainer = PPOTrainer(
            model=policy, ref_model=reference, reward_model=scoring_model(),
            value_model=scoring_model(), processing_class=tokenizer,
            train_dataset=Dataset.from_dict({"input_ids": prompts.tolist()}),
            eval_dataset=Dataset.from_dict({"input_ids": prompts.tolist()}),
            args=PPOConfig(
                output_dir=folder, total_episodes=chosen.episodes * (WARM_UP_RUNS + MOST_RUNS),
                per_device_train_batch_size=chosen.episodes, gradient_accumulation_steps=1,
                num_mini_batches=1, num_ppo_epochs=4, response_length=NEW_TOKENS, temperature=1.0,
                learning_rate=1e-6, num_sample_generations=0, gradient_checkpointing=False,
                bf16=False, use_cpu=True, save_strategy="no", report_to="none",
                disable_tqdm=True),
            callbacks=[timer.callback()])
        try:
            trainer.train()
        except EnoughRuns:
            pass
    timer.report("TRL PPOTrainer", chosen.episodes, "episodes", ["trl"])


if __name__ == "__main__":
    main()
