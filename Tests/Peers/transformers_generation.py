"""Sampling with transformers' generate: temperature 1, no top-k, and no token ends a completion.

    python transformers_generation.py MODEL --batch 16 [--bf16]

Prompts have 32 tokens and completions 32. --bf16 loads the weights as bfloat16.
"""

import torch
from transformers import GPT2LMHeadModel

from measuring import RunTimer, options, random_tokens

PROMPT_LENGTH = 32
NEW_TOKENS = 32


def main():
    chosen = options(__doc__, batch=1, bf16=False)
    dtype = torch.bfloat16 if chosen.bf16 else torch.float32
    model = GPT2LMHeadModel.from_pretrained(chosen.model, dtype=dtype).eval()
    model.generation_config.eos_token_id = None
    prompts = random_tokens(chosen.batch, PROMPT_LENGTH, model.config.vocab_size, chosen.seed)

    def generate():
        made = model.generate(
            prompts, attention_mask=torch.ones_like(prompts), do_sample=True, temperature=1.0,
            top_k=0, min_new_tokens=NEW_TOKENS, max_new_tokens=NEW_TOKENS, pad_token_id=0)
        assert made.shape == (chosen.batch, PROMPT_LENGTH + NEW_TOKENS)

    timer = RunTimer(chosen.seconds)
    timer.repeat(generate)
    peer = "transformers, bf16 weights" if chosen.bf16 else "transformers"
    timer.report(peer, chosen.batch * NEW_TOKENS, "tokens", [])


if __name__ == "__main__":
    main()
