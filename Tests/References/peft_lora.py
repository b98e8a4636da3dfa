"""What PEFT's LoRA computes over the tiny GPT-2 of Fixtures/gpt2, and adapters as PEFT saves them.

Writes Fixtures/lora: language (every linear map, rank 4), narrow (attention of the upper layer, rank 2,
rank-stabilized) and reward (a score head and a final norm saved along) as PEFT's own folders, the gradients of the
first adapter, and expected.json. Everything is computed in float64 from the float32 weights.
"""

import json
import shutil

import torch
from peft import LoraConfig, TaskType, get_peft_model
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import GPT2ForSequenceClassification, GPT2LMHeadModel, get_scheduler
from transformers.utils.logging import disable_progress_bar

from gpt2_model import BATCH, TINY, completion_log_probabilities, encode, padded, supervised_loss
from writing import FIXTURES, number, numbers, write_json

ROOT = FIXTURES / "lora"
STEPS = 10
BASE = "../../gpt2/tiny"  # from the adapter's own folder
disable_progress_bar()

ROWS = [json.loads(line) for line in (FIXTURES / "gpt2/rows.jsonl").read_text().splitlines()]
ADAPTERS = {
    "language": dict(r=4, lora_alpha=8, target_modules=["c_attn", "c_proj", "c_fc"]),
    "narrow": dict(r=2, lora_alpha=3, target_modules=["attn.c_attn"], use_rslora=True,
                   layers_to_transform=[1]),
    "reward": dict(r=3, lora_alpha=6, target_modules=["c_attn", "mlp.c_proj"],
                   modules_to_save=["score", "ln_f"]),
}


def adapted(name, dtype=torch.float64):
    """The base with a new adapter whose B is not 0, so that it does something."""
    torch.manual_seed(sum(map(ord, name)))
    is_reward = name == "reward"
    if is_reward:
        base = GPT2ForSequenceClassification.from_pretrained(TINY, num_labels=1, dtype=torch.float32)
    else:
        base = GPT2LMHeadModel.from_pretrained(TINY, dtype=torch.float32)
    model = get_peft_model(base, LoraConfig(
        task_type=TaskType.SEQ_CLS if is_reward else TaskType.CAUSAL_LM, lora_dropout=0.0,
        fan_in_fan_out=True, **ADAPTERS[name]))
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if parameter.requires_grad and "lora_A" not in key:
                parameter.add_(0.2 * torch.randn_like(parameter))
    return model.to(dtype).eval()


def save(model, name):
    """PEFT's own folder, in float32, over a base that is named from the folder itself."""
    folder = ROOT / name
    model.to(torch.float32).save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    path = folder / "adapter_config.json"
    settings = json.loads(path.read_text())
    settings["base_model_name_or_path"] = BASE
    settings["target_modules"] = sorted(settings["target_modules"])
    path.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n")
    (folder / "adapter_model.safetensors").chmod(0o644)


def own_name(key):
    """The name under which PEFT saves a parameter."""
    return key.replace(".default", "").replace(".modules_to_save", "")


def train(model, batches):
    """AdamW steps of the adapter alone, in file order."""
    trained = {own_name(k): p for k, p in model.named_parameters() if p.requires_grad}
    optimizer = torch.optim.AdamW(
        trained.values(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    scheduler = get_scheduler(
        "linear", optimizer, num_warmup_steps=0, num_training_steps=len(batches))
    steps = []
    for batch in batches:
        optimizer.zero_grad()
        loss = supervised_loss(model, batch)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
        steps.append({"loss": number(loss), "gradientNorm": number(norm)})
        optimizer.step()
        scheduler.step()
    return steps, {name: {"norm": number(p.norm()), "first": numbers(p.reshape(-1)[:4])}
                   for name, p in trained.items()}


def scores(model, sequences):
    ids, mask = padded(sequences)
    transformer = model.get_base_model().transformer
    hidden = transformer(input_ids=ids, attention_mask=mask).last_hidden_state
    return model.get_base_model().score(hidden[torch.arange(len(sequences)), mask.sum(1) - 1])


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    ROOT.mkdir(parents=True)
    tokenizer = Tokenizer.from_file(str(TINY / "tokenizer.json"))
    encoded = [encode(tokenizer, row) for row in ROWS]
    expected = {"base": BASE, "batchSize": BATCH, "learningRate": 1e-3, "maximumNorm": 1.0}
    for name in ["language", "narrow"]:
        model = adapted(name)
        with torch.no_grad():
            expected[name] = {"logProbabilities": [
                numbers(logs) for logs in completion_log_probabilities(model, encoded[:6])]}
        save(model, name)

    model = adapted("language")
    loss = supervised_loss(model, encoded[:BATCH])
    loss.backward()
    save_file(
        {own_name(name): p.grad.to(torch.float32).contiguous()
         for name, p in model.named_parameters() if p.requires_grad},
        ROOT / "gradients.safetensors")
    (ROOT / "gradients.safetensors").chmod(0o644)
    expected["language"]["loss"] = number(loss)

    batches = [encoded[i * BATCH:(i + 1) * BATCH] for i in range(STEPS)]
    steps, after = train(adapted("language"), batches)
    expected["language"] |= {"steps": steps, "after": after}

    model = adapted("reward")
    with torch.no_grad():
        expected["reward"] = {"scores": numbers(
            scores(model, [p + c for p, c in encoded[:8]]).squeeze(1))}
    save(model, "reward")
    write_json(ROOT / "expected.json", expected)


if __name__ == "__main__":
    main()
