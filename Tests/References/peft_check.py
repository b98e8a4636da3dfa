"""Loads an adapter that rlhf trained with PEFT and compares what both say: nothing is written.

    rlhf train sft --model BASE --lora-rank 4 --data rows.jsonl --out ADAPTER
    rlhf score --model ADAPTER --data rows.jsonl --json > scores.jsonl
    python peft_check.py ADAPTER rows.jsonl scores.jsonl

The base is the one that the adapter names. Exit code 1 where a score differs by more than 1e-4.
"""

import json
import sys

import torch
from peft import PeftConfig, PeftModel
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification


def main(folder, rows, scores):
    config = PeftConfig.from_pretrained(folder)
    base = config.base_model_name_or_path
    if config.task_type == "SEQ_CLS":
        model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=1)
        model.config.pad_token_id = None
    else:
        model = AutoModelForCausalLM.from_pretrained(base)
    model = PeftModel.from_pretrained(model, folder).to(torch.float64).eval()
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    end = model.config.eos_token_id
    worst, count = 0.0, 0
    for line, said in zip(open(rows), open(scores)):
        row, said = json.loads(line), json.loads(said)
        prompt = tokenizer.encode(row["prompt"], add_special_tokens=False).ids
        for key, name in [("completion", ""), ("chosen", "chosen_"), ("rejected", "rejected_")]:
            if key not in row:
                continue
            completion = tokenizer.encode(row[key], add_special_tokens=False).ids + [end]
            ids = torch.tensor([prompt + completion])
            with torch.no_grad():
                logits = model(input_ids=ids).logits
            if config.task_type == "SEQ_CLS":
                value, ours = logits.item(), said[name + "score"]
            else:
                logs = logits[0].log_softmax(-1)[len(prompt) - 1:-1]
                value = logs[torch.arange(len(completion)), torch.tensor(completion)].sum().item()
                ours = said[name + "logprob"]
            worst, count = max(worst, abs(value - ours)), count + 1
    print(f"{count} scores, the largest difference is {worst:.2e}")
    return 0 if count and worst <= 1e-4 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
