"""AdamW steps, clipping by global norm and learning-rate schedules, from PyTorch and transformers.

Writes Fixtures/operations/optimizer.json. AdamW runs in float64 over float32 gradients.
"""

import torch
from transformers import get_scheduler

from writing import FIXTURES, number, single, tensor, write_json

STEPS = 12
generator = torch.Generator().manual_seed(7)


def normal(*shape):
    return single(torch.randn(shape, generator=generator, dtype=torch.float64))


initial = {"weight": normal(3, 5), "bias": normal(17)}
# Steps of very different size: some above the clipping norm, some below, one zero.
scales = [3, 1, 0.1, 1e-2, 30, 0.5, 0, 1e-4, 2, 0.2, 1e-3, 1]
gradients = [
    {key: single(scale * normal(*value.shape)) for key, value in initial.items()}
    for scale in scales
]


def factors(name, warmup, total, count):
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    schedule = get_scheduler(name, optimizer, num_warmup_steps=warmup, num_training_steps=total)
    result = []
    for _ in range(count):
        result.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    return result


def run(name, rate, weight_decay=0.0, betas=(0.9, 0.999), epsilon=1e-8, clip=None, schedule=None):
    model = {key: torch.nn.Parameter(value.clone()) for key, value in initial.items()}
    optimizer = torch.optim.AdamW(
        model.values(), lr=rate, betas=betas, eps=epsilon, weight_decay=weight_decay)
    rates = [rate * f for f in factors(schedule[0], schedule[1], schedule[2], STEPS)] \
        if schedule else [rate] * STEPS
    steps = []
    for given, step_rate in zip(gradients, rates):
        for key, parameter in model.items():
            parameter.grad = given[key].clone()
        norm = torch.nn.utils.clip_grad_norm_(model.values(), clip or float("inf"))
        for group in optimizer.param_groups:
            group["lr"] = step_rate
        optimizer.step()
        state = {key: optimizer.state[parameter] for key, parameter in model.items()}
        steps.append({
            "learningRate": number(step_rate),
            "norm": number(norm),
            "parameters": {key: tensor(parameter) for key, parameter in model.items()},
            "firstMoments": {key: tensor(state[key]["exp_avg"]) for key in model},
            "secondMoments": {key: tensor(state[key]["exp_avg_sq"]) for key in model},
        })
    return {
        "name": name, "learningRate": rate, "weightDecay": weight_decay, "beta1": betas[0],
        "beta2": betas[1], "epsilon": epsilon, "maximumNorm": clip,
        "schedule": schedule and {
            "name": schedule[0], "warmupSteps": schedule[1], "totalSteps": schedule[2]},
        "steps": steps,
    }


runs = [
    run("defaults", 0.01),
    run("weight decay", 0.01, weight_decay=0.1),
    run("other betas and epsilon", 0.003, betas=(0.8, 0.95), epsilon=1e-5),
    run("clipped", 0.01, clip=1.0),
    run("clipped, decayed, linear schedule", 0.02, weight_decay=0.1, clip=1.0,
        schedule=("linear", 3, STEPS)),
]

clipping = []
for scale in [0, 1e-3, 0.1, 1, 50]:
    parts = [torch.nn.Parameter(torch.zeros(15)), torch.nn.Parameter(torch.zeros(33))]
    for part in parts:
        part.grad = single(scale * normal(*part.shape)).to(torch.float32)
    before = [tensor(part.grad) for part in parts]
    norm = torch.nn.utils.clip_grad_norm_(parts, 1.0)
    clipping.append({"maximumNorm": 1.0, "norm": number(norm), "gradients": before,
                     "clipped": [tensor(part.grad) for part in parts]})

schedules = []
for form, name in [("constant", "constant_with_warmup"), ("linear", "linear"),
                   ("cosine", "cosine")]:
    for warmup in [0, 3]:
        schedules.append({
            "form": form, "transformersName": name, "warmupSteps": warmup, "totalSteps": 20,
            "factors": [number(f) for f in factors(name, warmup, 20, 21)]})

write_json(FIXTURES / "operations" / "optimizer.json", {
    "initial": {key: tensor(value) for key, value in initial.items()},
    "gradients": [{key: tensor(value) for key, value in step.items()} for step in gradients],
    "runs": runs,
    "clipping": clipping,
    "schedules": schedules,
})
