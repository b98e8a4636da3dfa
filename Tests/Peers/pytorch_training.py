"""A training step in a plain PyTorch loop: forward, backward, clipping at 1, AdamW.

    python pytorch_training.py MODEL --rows 4 --length 256 [--bf16] [--lora RANK]

AdamW is PyTorch's fused one, its fastest on a CPU. --bf16 runs the forward pass under autocast. --lora
trains PEFT's adapter on every linear map in place of the model.
"""

import torch
from transformers import GPT2LMHeadModel

from measuring import RunTimer, options, random_tokens


def main():
    chosen = options(__doc__, rows=16, length=64, bf16=False, lora=0)
    model = GPT2LMHeadModel.from_pretrained(chosen.model, dtype=torch.float32).train()
    if chosen.lora:
        from peft import LoraConfig, get_peft_model
        model = get_peft_model(model, LoraConfig(
            r=chosen.lora, lora_alpha=2 * chosen.lora, fan_in_fan_out=True, lora_dropout=0.0,
            target_modules=["c_attn", "c_proj", "c_fc"], task_type="CAUSAL_LM"))
    trained = [p for p in model.parameters() if p.requires_grad]
    tokens = random_tokens(chosen.rows, chosen.length, model.config.vocab_size, chosen.seed)
    optimizer = torch.optim.AdamW(trained, lr=1e-6, weight_decay=0.0, fused=True)

    def step():
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=chosen.bf16):
            loss = model(input_ids=tokens, labels=tokens, use_cache=False).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        loss.item()

    timer = RunTimer(chosen.seconds)
    timer.repeat(step)
    peer = "PyTorch, bf16 autocast" if chosen.bf16 else "PyTorch"
    peer += " with PEFT" if chosen.lora else ""
    timer.report(peer, tokens.numel(), "tokens", [])


if __name__ == "__main__":
    main()
