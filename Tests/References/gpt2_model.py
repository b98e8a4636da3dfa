"""A tiny random GPT-2 made with transformers, and what it says, writes and learns.

Writes Fixtures/gpt2: tiny (a model folder), reward (a reward model folder), rows.jsonl,
pairs.jsonl, prompts.jsonl, gradients.safetensors and expected.json. Everything is computed in
float64 from the float32 weights; README.md in this folder describes the fields.
"""

import json
import random
import shutil

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel, PreTrainedTokenizerFast,
    get_scheduler,
)
from transformers.utils.logging import disable_progress_bar

from writing import FIXTURES, number, numbers, write_json, write_json_lines

END = "<|endoftext|>"
CONTEXT = 64
STEPS, BATCH, NEW_TOKENS = 20, 4, 32
REWARD_STEPS = 10
ROOT = FIXTURES / "gpt2"
TINY, REWARD = ROOT / "tiny", ROOT / "reward"
disable_progress_bar()

QUESTIONS = [
    "How do I {} a {}?", "Can you {} my {}?", "What is the best way to {} an old {}?",
    "My {1} is broken. Should I {0} it?", "Please {} the {} for me,", "Why won't my {1} {0}?",
]
VERBS = ["clean", "repair", "open", "store", "carry", "sharpen", "paint"]
THINGS = ["kettle", "bicycle", "garden gate", "wooden chair", "kitchen knife", "café table", "lamp"]
ANSWERS = [
    " Use warm water, then let the {} dry for {} minutes.", " No idea.",
    " It depends on the {}. Try it {} times!", " Yes. Start with the {}; it takes {} days.",
    " I'd leave the {} alone, honestly — it's {} years old.",
    "\n1. Switch the {} off.\n2. Wait {} seconds.\n", " Ask someone who knows about a {} first.",
]


def make_rows(count, generator):
    """Distinct prompts, each with a completion."""
    rows, seen = [], set()
    while len(rows) < count:
        thing = generator.choice(THINGS)
        prompt = generator.choice(QUESTIONS).format(generator.choice(VERBS), thing)
        if prompt in seen:
            continue
        seen.add(prompt)
        answer = generator.choice(ANSWERS).format(thing, generator.randint(2, 12))
        rows.append({"prompt": prompt, "completion": answer})
    return rows


def make_pairs(count, generator):
    pairs = []
    for row in make_rows(count, generator):
        other = row["completion"]
        while other == row["completion"]:
            other = generator.choice(ANSWERS).format("thing", generator.randint(2, 12))
        pairs.append({"prompt": row["prompt"], "chosen": row["completion"], "rejected": other})
    return pairs


def make_tokenizer(rows, folder):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        [row[key] for row in rows for key in row],
        trainers.BpeTrainer(
            vocab_size=512, special_tokens=[END], show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    assert tokenizer.get_vocab_size() == 512, tokenizer.get_vocab_size()
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=END, eos_token=END, unk_token=END,
        model_max_length=CONTEXT)
    wrapped.save_pretrained(folder)
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    settings["tokenizer_class"] = "PreTrainedTokenizerFast"  # a name every version knows
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def configuration(end, **more):
    return GPT2Config(
        vocab_size=512, n_positions=CONTEXT, n_embd=32, n_layer=2, n_head=4, resid_pdrop=0.0,
        embd_pdrop=0.0, attn_pdrop=0.0, initializer_range=0.2, bos_token_id=end, eos_token_id=end,
        **more)


def stir(model):
    """Moves what transformers starts at 0 or 1, so that a forgotten bias or gain shows.

    The end token's vector is made longer, so that generation ends by itself now and then.
    """
    with torch.no_grad():
        model.transformer.wte.weight[model.config.eos_token_id] *= 3
        for name, parameter in model.named_parameters():
            if name.endswith("bias") or ".ln_" in name:
                parameter.add_(0.1 * torch.randn_like(parameter))
    return model.eval()


def encode(tokenizer, row, key="completion"):
    """Prompt ids, and completion ids with the end token."""
    def ids(text):
        return tokenizer.encode(text, add_special_tokens=False).ids
    prompt, completion = ids(row["prompt"]), ids(row[key]) + [tokenizer.token_to_id(END)]
    assert len(prompt) + len(completion) <= CONTEXT
    return prompt, completion


def padded(sequences):
    """Ids and attention mask, padded on the right; padding is never looked at or counted."""
    width = max(map(len, sequences))
    ids = torch.tensor([s + [0] * (width - len(s)) for s in sequences])
    mask = torch.tensor([[1] * len(s) + [0] * (width - len(s)) for s in sequences])
    return ids, mask


def completion_log_probabilities(model, encoded):
    """One tensor a row: log p of each completion token and the end token."""
    ids, mask = padded([p + c for p, c in encoded])
    logs = model(input_ids=ids, attention_mask=mask).logits.log_softmax(-1)
    return [
        logs[i, torch.arange(len(p) - 1, len(p) + len(c) - 1), torch.tensor(c)]
        for i, (p, c) in enumerate(encoded)
    ]


def supervised_loss(model, encoded):
    return -torch.cat(completion_log_probabilities(model, encoded)).mean()


def train(model, batches, loss_of, schedule="constant", maximum_norm=1.0, learning_rate=1e-3):
    """AdamW steps in file order; returns what a step's metric line would say, and the model."""
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=learning_rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    scheduler = get_scheduler(
        schedule, optimizer, num_warmup_steps=0, num_training_steps=len(batches))
    steps = []
    for batch in batches:
        optimizer.zero_grad()
        loss, figures = loss_of(model, batch)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), maximum_norm)
        steps.append({"loss": number(loss), "gradientNorm": number(norm), **figures,
                      "learningRate": number(scheduler.get_last_lr()[0])})
        optimizer.step()
        scheduler.step()
    return steps


def reward_scores(model, sequences):
    """The score at the last token of each sequence, which is the end token."""
    ids, mask = padded(sequences)
    hidden = model.transformer(input_ids=ids, attention_mask=mask).last_hidden_state
    last = hidden[torch.arange(len(sequences)), mask.sum(1) - 1]
    return model.score(last).squeeze(1)


def language_model(dtype=torch.float64):
    return GPT2LMHeadModel.from_pretrained(TINY, dtype=dtype).eval()


def reward_model(dtype=torch.float64):
    return GPT2ForSequenceClassification.from_pretrained(REWARD, dtype=dtype).eval()


def save(model, folder):
    """Saves the model; leaves out generation settings, which repeat the configuration."""
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    (folder / "model.safetensors").chmod(0o644)


def scored_rows(tokenizer, model, rows):
    result = []
    for row in rows:
        prompt, completion = encode(tokenizer, row)
        logits = model(input_ids=torch.tensor([prompt + completion])).logits[0]
        logs, = completion_log_probabilities(model, [(prompt, completion)])
        result.append({
            **row, "ids": prompt + completion, "promptLength": len(prompt),
            "tokenLogProbabilities": numbers(logs), "logProbability": number(logs.sum()),
            "lastLogits": numbers(logits[-1, :16]),
        })
    return result


def greedy(tokenizer, model, prompt):
    ids = tokenizer.encode(prompt, add_special_tokens=False).ids
    end = tokenizer.token_to_id(END)
    given = torch.tensor([ids])
    output = model.generate(
        given, attention_mask=torch.ones_like(given), max_new_tokens=NEW_TOKENS, do_sample=False,
        pad_token_id=end)[0].tolist()
    made = output[len(ids):]
    logits = model(input_ids=torch.tensor([output])).logits[0, len(ids) - 1:-1]
    two = logits.topk(2).values
    stopped = made[-1] == end
    kept = made[:-1] if stopped else made
    return {
        "prompt": prompt, "promptIDs": ids, "ids": made,
        "completion": tokenizer.decode(kept, skip_special_tokens=False), "stoppedAtEnd": stopped,
        "smallestLead": number((two[:, 0] - two[:, 1]).min()),
    }


def greedy_rows(tokenizer, model, prompts):
    """Six prompts: half end by themselves; no choice hangs on rounding."""
    every = [greedy(tokenizer, model, p) for p in prompts if len(p) < 40]
    clear = [row for row in every if row["smallestLead"] > 0.01]
    ended = [row for row in clear if row["stoppedAtEnd"]]
    ended = sorted(ended, key=lambda row: -len(row["ids"]))[:3]
    unended = [row for row in clear if not row["stoppedAtEnd"]][:6 - len(ended)]
    return ended + unended


def make_models(rows, seed):
    torch.manual_seed(seed)
    tokenizer = make_tokenizer(rows, TINY)
    end = tokenizer.token_to_id(END)
    save(stir(GPT2LMHeadModel(configuration(end))), TINY)
    save(stir(GPT2ForSequenceClassification(configuration(end, num_labels=1))), REWARD)
    for name in ["tokenizer.json", "tokenizer_config.json"]:
        shutil.copy(TINY / name, REWARD / name)
    return tokenizer


def supervised(tokenizer, rows, dtype, schedule):
    encoded = [encode(tokenizer, row) for row in rows]
    batches = [encoded[i * BATCH:(i + 1) * BATCH] for i in range(STEPS)]

    def loss_of(model, batch):
        return supervised_loss(model, batch), {"countedTokens": sum(len(c) for _, c in batch)}

    return train(language_model(dtype), batches, loss_of, schedule)


def preferences(tokenizer, pairs, dtype, centering):
    encoded = [
        (sum(encode(tokenizer, p, "chosen"), []), sum(encode(tokenizer, p, "rejected"), []))
        for p in pairs
    ]
    batches = [encoded[i * BATCH:(i + 1) * BATCH] for i in range(REWARD_STEPS)]

    def loss_of(model, batch):
        chosen = reward_scores(model, [c for c, _ in batch])
        rejected = reward_scores(model, [r for _, r in batch])
        lead = chosen - rejected
        loss = -torch.nn.functional.logsigmoid(lead).mean() \
            + centering * ((chosen + rejected) ** 2).mean()
        return loss, {"accuracy": number((lead > 0).double().mean()),
                      "chosenScores": numbers(chosen), "rejectedScores": numbers(rejected)}

    return train(reward_model(dtype), batches, loss_of)


def drift(exact, rounded, key="loss"):
    """How far single precision strays in this run: the floor of a tolerance."""
    return max(abs(float(a[key]) - float(b[key])) for a, b in zip(exact, rounded))


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    TINY.mkdir(parents=True)
    generator = random.Random(2)
    rows = make_rows(STEPS * BATCH + 8, generator)
    rows[5] = {"prompt": "Ünïcode: 日本 🙂 —", "completion": " שלום  naïve\t😀\r\n"}
    rows[6] = {"prompt": "Q", "completion": "."}
    rows[7]["completion"] = " and then".join(ANSWERS[4].format("lamp", n) for n in (2, 7, 9))
    pairs = make_pairs(REWARD_STEPS * BATCH + 4, generator)
    tokenizer = make_models(rows, seed=11)
    write_json_lines(ROOT / "rows.jsonl", rows)
    write_json_lines(ROOT / "pairs.jsonl", pairs)

    model = language_model()
    encoded = [encode(tokenizer, row) for row in rows[:BATCH]]
    loss = supervised_loss(model, encoded)
    loss.backward()
    save_file(
        {name: p.grad.to(torch.float32).contiguous() for name, p in model.named_parameters()},
        ROOT / "gradients.safetensors")
    (ROOT / "gradients.safetensors").chmod(0o644)

    with torch.no_grad():
        model = language_model()
        scored = scored_rows(tokenizer, model, rows[:12])
        generated = greedy_rows(tokenizer, model, [row["prompt"] for row in rows])
        assert [g["ids"] for g in generated] == [
            greedy(tokenizer, language_model(torch.float32), g["prompt"])["ids"] for g in generated]
        scorer = reward_model()
        scores = []
        for row in rows[:12]:
            prompt, completion = encode(tokenizer, row)
            score, = reward_scores(scorer, [prompt + completion])
            # Without a padding token the library reads the last token too.
            alone = scorer(input_ids=torch.tensor([prompt + completion])).logits
            assert torch.isclose(score, alone.squeeze())
            scores.append({**row, "ids": prompt + completion, "score": number(score)})

    write_json_lines(ROOT / "prompts.jsonl", [{"prompt": row["prompt"]} for row in generated])

    training = {}
    for schedule in ["constant", "linear"]:
        exact, rounded = (supervised(tokenizer, rows, dtype, schedule)
                          for dtype in (torch.float64, torch.float32))
        training[schedule] = {"singlePrecisionDrift": drift(exact, rounded), "steps": exact}
    reward_training = {}
    for name, centering in [("plain", 0.0), ("centred", 0.01)]:
        exact, rounded = (preferences(tokenizer, pairs, dtype, centering)
                          for dtype in (torch.float64, torch.float32))
        reward_training[name] = {"centeringCoefficient": centering,
                                 "singlePrecisionDrift": drift(exact, rounded), "steps": exact}

    write_json(ROOT / "expected.json", {
        "endOfText": {"token": END, "id": tokenizer.token_to_id(END)},
        "scored": scored,
        "firstBatch": {"loss": number(loss), "gradients": "gradients.safetensors"},
        "greedy": generated,
        "supervised": {"batchSize": BATCH, "learningRate": 1e-3, "maximumNorm": 1.0, **training},
        "rewardScores": scores,
        "rewardTraining": {"batchSize": BATCH, "learningRate": 1e-3, "maximumNorm": 1.0,
                           **reward_training},
    })
    print("longest row:", max(sum(map(len, encode(tokenizer, row))) for row in rows))
    for row in generated:
        print(json.dumps(row["completion"]), len(row["ids"]), row["stoppedAtEnd"],
              row["smallestLead"])
    print("drift:", {k: v["singlePrecisionDrift"] for k, v in (training | reward_training).items()})


main()
