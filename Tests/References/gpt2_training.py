"""Fifty steps of training a language model and a reward model, made with transformers and PyTorch.

Writes Fixtures/gpt2-training: logits.safetensors, gradients.safetensors, reward-gradients.safetensors
and expected.json. Weights come from a formula that the tests compute too, so no model is stored.
Odd sizes throughout: width 33, three heads of 11, vocabulary 97. Everything is computed in float64
from float32 weights; README.md in this folder describes the fields.
"""

import random

import torch
from safetensors.torch import save_file
from transformers import (
    GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel, get_scheduler,
)

from writing import FIXTURES, number, numbers, single, write_json

VOCABULARY, CONTEXT, WIDTH, LAYERS, HEADS = 97, 40, 33, 3, 3
STEPS, BATCH, MICRO_BATCHES = 50, 8, 4
ROOT = FIXTURES / "gpt2-training"
MASK = (1 << 64) - 1


def mixed(x):
    """SplitMix64's output function (Steele, Lea and Flood 2014)."""
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def fill(model):
    """Element e of parameter p is a number of [-1, 1) with 24 bits, times a power of two."""
    with torch.no_grad():
        for place, (name, parameter) in enumerate(model.named_parameters()):
            unit = torch.tensor(
                [((mixed(place << 32 | e) >> 40) - 2**23) / 2**23 for e in range(parameter.numel())],
                dtype=torch.float64).reshape(parameter.shape)
            if name.endswith(".bias"):
                values = 0.125 * unit
            elif ".ln_" in name:
                values = 1 + 0.125 * unit
            else:
                values = 0.25 * unit
            parameter.copy_(single(values))


def configuration(layers, **more):
    return GPT2Config(
        vocab_size=VOCABULARY, n_positions=CONTEXT, n_embd=WIDTH, n_layer=layers, n_head=HEADS,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=0, eos_token_id=0, **more)


def language_model(dtype=torch.float64):
    model = GPT2LMHeadModel(configuration(LAYERS)).to(torch.float64).eval()
    fill(model)
    return model.to(dtype)


def reward_model(dtype=torch.float64):
    model = GPT2ForSequenceClassification(configuration(2, num_labels=1)).to(torch.float64).eval()
    fill(model)
    return model.to(dtype)


def sequence(length, generator):
    """Tokens that mostly follow a rule, so that there is something to learn; none is 0."""
    token = generator.randrange(1, VOCABULARY)
    tokens = []
    for _ in range(length):
        tokens.append(token)
        token = 1 + (5 * token + 3) % (VOCABULARY - 1)
        if generator.random() < 0.1:
            token = generator.randrange(1, VOCABULARY)
    return tokens


def make_rows(generator):
    """Prompt and completion lengths are uneven; one completion is empty, one row fills the context."""
    lengths = [(1, 1), (1, 16), (15, 2), (17, 0), (2, 31), (3, 3), (8, 9), (7, CONTEXT - 7)]
    lengths += [(generator.randint(1, 12), generator.randint(1, 20)) for _ in range(16)]
    rows = []
    for prompt, completion in lengths:
        tokens = sequence(prompt + completion, generator)
        if completion > 0:
            tokens[-1] = 0
        rows.append({"prompt": tokens[:prompt], "completion": tokens[prompt:]})
    return rows


def make_pairs(generator):
    """The chosen one follows the rule; margins and weights vary, one pair counts nothing."""
    pairs = []
    for index in range(24):
        chosen = sequence(generator.randint(1, 25), generator) + [0]
        rejected = [generator.randrange(1, VOCABULARY) for _ in range(generator.randint(1, 25))] + [0]
        pairs.append({"chosen": chosen, "rejected": rejected, "margin": [0.0, 0.5][index % 2],
                      "weight": [1.0, 0.75, 2.0][index % 3] if index != 5 else 0.0})
    return pairs


def padded(sequences):
    width = max(map(len, sequences))
    ids = torch.tensor([s + [0] * (width - len(s)) for s in sequences])
    mask = torch.tensor([[1] * len(s) + [0] * (width - len(s)) for s in sequences])
    return ids, mask


def negative_log_probability(model, rows):
    """Summed over the completions' tokens."""
    ids, mask = padded([row["prompt"] + row["completion"] for row in rows])
    logs = model(input_ids=ids, attention_mask=mask).logits.log_softmax(-1)
    total = logs.new_zeros(())
    for i, row in enumerate(rows):
        start, count = len(row["prompt"]), len(row["completion"])
        total = total - logs[i, range(start - 1, start + count - 1), row["completion"]].sum()
    return total


def supervised_parts(model, rows):
    """The parts of the batch's loss, one a micro-batch."""
    counted = sum(len(row["completion"]) for row in rows)
    size = len(rows) // MICRO_BATCHES
    for start in range(0, len(rows), size):
        yield negative_log_probability(model, rows[start:start + size]) / counted


def scores(model, sequences):
    ids, mask = padded(sequences)
    hidden = model.transformer(input_ids=ids, attention_mask=mask).last_hidden_state
    return model.score(hidden[torch.arange(len(sequences)), mask.sum(1) - 1]).squeeze(1)


CENTERING = 0.01


def reward_parts(model, pairs):
    total = sum(pair["weight"] for pair in pairs)
    size = len(pairs) // MICRO_BATCHES
    for start in range(0, len(pairs), size):
        part = pairs[start:start + size]
        chosen = scores(model, [pair["chosen"] for pair in part])
        rejected = scores(model, [pair["rejected"] for pair in part])
        margins = chosen.new_tensor([pair["margin"] for pair in part])
        weights = chosen.new_tensor([pair["weight"] / total for pair in part])
        losses = -torch.nn.functional.logsigmoid(chosen - rejected - margins) \
            + CENTERING * (chosen + rejected) ** 2
        yield (weights * losses).sum()


def settings(schedule, learning_rate, maximum_norm):
    return {"schedule": schedule, "warmupSteps": 7, "learningRate": learning_rate,
            "beta1": 0.9, "beta2": 0.98, "epsilon": 1e-8, "weightDecay": 0.1,
            "maximumNorm": maximum_norm}


def train(model, batches, parts_of, s):
    """AdamW with clipping, a schedule and accumulation; the steps' figures."""
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=s["learningRate"], betas=(s["beta1"], s["beta2"]),
        eps=s["epsilon"], weight_decay=s["weightDecay"])
    scheduler = get_scheduler(s["schedule"], optimizer, num_warmup_steps=s["warmupSteps"],
                              num_training_steps=len(batches))
    steps = []
    for batch in batches:
        optimizer.zero_grad()
        loss = 0.0
        for part in parts_of(model, batch):
            part.backward()
            loss += part.item()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), s["maximumNorm"])
        steps.append({"loss": number(loss), "gradientNorm": number(norm),
                      "learningRate": number(scheduler.get_last_lr()[0])})
        optimizer.step()
        scheduler.step()
    return steps


def summary(model):
    """Of every parameter its norm, its largest magnitude and six elements, first and last included."""
    result = []
    for name, parameter in model.named_parameters():
        flat = parameter.detach().reshape(-1)
        places = [i * (len(flat) - 1) // 5 for i in range(6)]
        result.append({"name": name, "norm": number(flat.norm()), "largest": number(flat.abs().max()),
                       "places": places, "values": numbers(flat[places])})
    return result


def run(make, rows, parts_of, s):
    batches = [rows[i * BATCH % len(rows):][:BATCH] for i in range(STEPS)]
    model, rounded = make(), make(torch.float32)
    exact = train(model, batches, parts_of, s)
    single_steps = train(rounded, batches, parts_of, s)
    for key in ["loss", "gradientNorm"]:
        worst = max(abs(float(a[key]) / float(b[key]) - 1) for a, b in zip(exact, single_steps))
        print(f"  {s['schedule']}: float32 strays {worst:.1e} of the {key}")
    for a, b in zip(summary(model), summary(rounded)):
        off = max(abs(float(x) - float(y)) for x, y in zip(a["values"], b["values"]))
        if off > 1e-5 * float(a["largest"]):
            print(f"    {a['name']}: {off / float(a['largest']):.1e}")
    print("   losses", exact[0]["loss"], exact[-1]["loss"],
          "clipped", sum(x["gradientNorm"] > s["maximumNorm"] for x in exact))
    return s | {"steps": exact, "parameters": summary(model)}


def first_gradients(model, parts, file):
    loss = 0.0
    for part in parts:
        part.backward()
        loss += part.item()
    save_file({name: p.grad.to(torch.float32).contiguous() for name, p in model.named_parameters()},
              ROOT / file)
    (ROOT / file).chmod(0o644)
    return number(loss)


def main():
    ROOT.mkdir(parents=True, exist_ok=True)
    generator = random.Random(5)
    rows, pairs = make_rows(generator), make_pairs(generator)
    with torch.no_grad():
        model = language_model()
        logits = {
            f"row {index}": model(torch.tensor([rows[index]["prompt"] + rows[index]["completion"]]))
            .logits[0].to(torch.float32).contiguous() for index in (0, 2, 3, 4)
        }
        save_file(logits, ROOT / "logits.safetensors")
        (ROOT / "logits.safetensors").chmod(0o644)
        scorer = reward_model()
        expected_scores = scores(scorer, [pair["chosen"] for pair in pairs])
    model, scorer = language_model(), reward_model()
    loss = first_gradients(model, supervised_parts(model, rows[:BATCH]), "gradients.safetensors")
    reward_loss = first_gradients(
        scorer, reward_parts(scorer, pairs[:BATCH]), "reward-gradients.safetensors")
    write_json(ROOT / "expected.json", {
        "vocabulary": VOCABULARY, "context": CONTEXT, "width": WIDTH, "heads": HEADS,
        "batchSize": BATCH, "microBatches": MICRO_BATCHES,
        "rows": rows, "pairs": pairs,
        "supervised": {
            "layers": LAYERS, "loss": loss,
            "runs": [run(language_model, rows, supervised_parts, settings(form, 3e-3, 2.0))
                     for form in ("cosine", "linear")]},
        "reward": {
            "layers": 2, "loss": reward_loss, "centeringCoefficient": CENTERING,
            "chosenScores": numbers(expected_scores),
            "runs": [run(reward_model, pairs, reward_parts, settings(form, 1e-3, 2.0))
                     for form in ("cosine", "linear")]},
    })


main()
