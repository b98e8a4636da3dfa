"""A training step in a plain PyTorch loop: forward, backward, clipping at 1, AdamW.

    python pytorch_training.py MODEL --rows 4 --length 256 [--bf16]

AdamW is PyTorch's fused one, its fastest on a CPU. --bf16 runs the forward pass under autocast.
"""

import torch
from transformers import GPT2LMHeadModel

from measuring import RunTimer, options, random_tokens


def main():
    chosen = options(__doc__, rows=16, length=64, bf16=False)
    model = GPT2LMHeadModel.from_pretrained(chosen.model, dtype=torch.float32).train()
    tokens = random_tokens(chosen.rows, chosen.length, model.config.vocab_size, chosen.seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-6, weight_decay=0.0, fused=True)

    def step():
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=chosen.bf16):
            loss = model(input_ids=tokens, labels=tokens, use_cache=False).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        loss.item()

    timer = RunTimer(chosen.seconds)
    timer.repeat(step)
    peer = "PyTorch, bf16 autocast" if chosen.bf16 else "PyTorch"
    timer.report(peer, tokens.numel(), "tokens", [])


if __name__ == "__main__":
    main()
