"""Runs jobs of `rlhf bench` and their peers in turn and writes what both reach, side by side.

    python compare.py --rlhf PATH --models FOLDER --trl-ppo-python PATH [--jobs LIST] [--page]

FOLDER is what checkpoints.py wrote. A round measures each side of a job once, in the opposite order
every other round, so that a machine that slows down or warms up favours nobody. The ratio of a job
is the median over the rounds. --page puts the table into README.md, after each job, instead of
printing it.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from results import rate, report, write_page

HERE = Path(__file__).resolve().parent
ROUNDS = {"tiny": 5, "gpt2": 2}


class NotMeasured(Exception):
    """Says in a line why a side has no figures."""


@dataclass(frozen=True)
class Ours:
    """A job of `rlhf bench`. What our side's options and figures are called stands here only."""

    job: str
    name: str = field(default="ours", compare=False)

    def command(self, chosen, model):
        return [
            chosen.rlhf, "bench", "--model", str(chosen.models / model), "--what", self.job,
            "--threads", str(chosen.threads), "--seconds", str(chosen.seconds), "--json"]

    def figures(self, output):
        """Figures of the job; `machine` holds those of the whole run."""
        key = self.job.replace("-", "_")
        if key not in output:
            raise NotMeasured(f"this rlhf has no job {self.job}")
        limits = [v for k, v in output[key].items() if k.startswith("fraction_of_")]
        return output[key] | {
            "limit": limits[0] if limits else None,
            "machine": {k: v for k, v in output.items() if not isinstance(v, dict)}}

    def reason(self, complaint):
        if "no bf16 products" in complaint:
            return "no bf16 products here"
        return f"this rlhf has no job {self.job}" if "--what has" in complaint else complaint

    def __str__(self):
        return f"ours, {self.job}"


@dataclass(frozen=True)
class Peer:
    """A script of this folder with its options."""

    script: str
    options: str
    name: str
    is_ppo: bool = False

    def command(self, chosen, model):
        python = chosen.trl_ppo_python if self.is_ppo else chosen.python
        if python is None:
            raise NotMeasured("--trl-ppo-python names no interpreter")
        return [
            python, str(HERE / self.script), str(chosen.models / model), *self.options.split(),
            "--threads", str(chosen.threads), "--seconds", str(chosen.seconds)]

    def figures(self, output):
        return output

    def reason(self, complaint):
        return complaint

    def __str__(self):
        return self.name


@dataclass(frozen=True)
class Comparison:
    """Two sides of a job; `wanted` is the ratio this project promises at least."""

    job: str
    what: str
    ours: Ours
    other: Ours | Peer
    wanted: float | None = None

    @property
    def model(self):
        return self.job.split("-")[0]


def generation(model, batch, wanted):
    return Comparison(
        f"{model}-generate-{batch}", f"generate, batch {batch}", Ours(f"generate-{batch}"),
        Peer("transformers_generation.py", f"--batch {batch}", "transformers"), wanted)


TINY, LARGE = "--rows 16 --length 64", "--rows 4 --length 256"
PPO = Peer("trl_ppo.py", "--episodes 16", "TRL 1.9.2 PPOTrainer", is_ppo=True)
COMPARISONS = [
    Comparison("tiny-training", "training step, 16 x 64", Ours("training-step"),
               Peer("pytorch_training.py", TINY, "PyTorch")),
    Comparison("tiny-training", "training step, 16 x 64", Ours("training-step"),
               Peer("trl_supervised.py", TINY, "TRL SFTTrainer"), 2.8),
    Comparison("tiny-reward", "reward step, 16 pairs of 64", Ours("reward-step"),
               Peer("trl_reward.py", "--pairs 16 --length 64", "TRL RewardTrainer"), 2.0),
    Comparison("tiny-dpo", "DPO step, 16 pairs of 32 + 32", Ours("dpo-step"),
               Peer("trl_dpo.py", "--pairs 16", "TRL DPOTrainer"), 2.5),
    Comparison("tiny-kto", "KTO step, 32 answers of 32 + 32", Ours("kto-step"),
               Peer("trl_kto.py", "--answers 32", "TRL KTOTrainer"), 2.5),
    generation("tiny", 1, None), generation("tiny", 16, None), generation("tiny", 64, 5.0),
    Comparison("tiny-ppo", "PPO, 16 episodes of 32 + 32", Ours("ppo-separate"), PPO, 3.0),
    Comparison("tiny-ppo", "the same, shared trunk", Ours("ppo-shared"), PPO, 5.0),
    Comparison("tiny-rloo", "RLOO, 16 answers of 32", Ours("rloo"),
               Peer("trl_groups.py", "--method rloo --episodes 16", "TRL RLOOTrainer"), 5.0),
    Comparison("tiny-grpo", "GRPO, 16 answers of 32", Ours("grpo"),
               Peer("trl_groups.py", "--method grpo --episodes 16", "TRL GRPOTrainer"), 5.0),
    Comparison("gpt2-training", "training step, 4 x 256", Ours("training-step"),
               Peer("pytorch_training.py", LARGE, "PyTorch"), 1.9),
    Comparison("gpt2-training", "training step, 4 x 256", Ours("training-step"),
               Peer("trl_supervised.py", LARGE, "TRL SFTTrainer"), 2.7),
    Comparison("gpt2-training", "the same in bf16", Ours("training-step-bf16"),
               Peer("pytorch_training.py", LARGE + " --bf16", "PyTorch, bf16 autocast")),
    Comparison("gpt2-training", "the same in bf16", Ours("training-step-bf16"),
               Ours("training-step", "ours, f32"), 1.7),
    Comparison("gpt2-lora", "LoRA of rank 8 on every map, 4 x 256", Ours("lora-training"),
               Peer("pytorch_training.py", LARGE + " --lora 8", "PyTorch with PEFT")),
    Comparison("gpt2-lora", "LoRA of rank 8 on every map, 4 x 256", Ours("lora-training"),
               Ours("training-step", "ours, the whole model"), 1.0),
    generation("gpt2", 1, 2.5),
    Comparison("gpt2-generate-1", "the same, bf16 weights", Ours("generate-1-bf16"),
               Peer("transformers_generation.py", "--batch 1 --bf16",
                    "transformers, bf16 weights")),
    Comparison("gpt2-generate-1", "the same, bf16 weights", Ours("generate-1-bf16"),
               Ours("generate-1", "ours, f32"), 1.8),
    generation("gpt2", 16, 4.0), generation("gpt2", 64, 4.0),
]
JOBS = list(dict.fromkeys(each.job for each in COMPARISONS))


def measure(side, model, chosen):
    """Runs one side once; figures, or the reason that there are none."""
    try:
        run = subprocess.run(side.command(chosen, model), capture_output=True, text=True)
        if run.returncode != 0:
            lines = run.stderr.strip().splitlines() or [f"ended with status {run.returncode}"]
            complaint = next((line for line in lines if "--what has" in line), lines[-1])
            raise NotMeasured(side.reason(complaint))
        figures = side.figures(json.loads(run.stdout.strip().splitlines()[-1]))
    except (NotMeasured, OSError, IndexError, json.JSONDecodeError) as problem:
        print(f"  {side}: not measured: {problem}", file=sys.stderr)
        return str(problem)
    print("  {}: {:,.4g} {}".format(side, *rate(figures)), file=sys.stderr)
    return figures


def missing_partner(side, comparisons, figures):
    """Why a peer need not run: all that it would be compared with could not be measured."""
    partners = [each.ours for each in comparisons if each.other == side]
    if partners and all(isinstance(figures.get(each), str) for each in partners):
        return "our side has no figures"
    return None


def rounds_of(job, chosen):
    """Figures of all sides of a job: one dictionary a round, from side to figures or a reason."""
    comparisons = [each for each in COMPARISONS if each.job == job]
    model = comparisons[0].model
    sides = list(dict.fromkeys(side for each in comparisons for side in (each.ours, each.other)))
    results = []
    for number in range(chosen.rounds or ROUNDS[model]):
        print(f"{job}, round {number + 1}", file=sys.stderr)
        figures = {}
        for side in sides[::-1] if number % 2 else sides:
            # What could not be measured is not tried again.
            known = results[0][side] if results and isinstance(results[0][side], str) else None
            figures[side] = known or missing_partner(side, comparisons, figures) or measure(
                side, model, chosen)
        results.append(figures)
    return results


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rlhf", required=True, help="our program, built with -c release")
    parser.add_argument("--models", required=True, type=Path, help="folder of checkpoints.py")
    parser.add_argument("--jobs", default=",".join(JOBS), help="default: %(default)s")
    parser.add_argument("--python", default=sys.executable, help="interpreter of the peers")
    parser.add_argument("--trl-ppo-python", help="interpreter with TRL 1.9.2")
    parser.add_argument("--rounds", type=int, help=f"default: {ROUNDS}")
    parser.add_argument("--seconds", type=float, default=3.0, help="time for each measurement")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--page", action="store_true", help="write the table into README.md")
    chosen = parser.parse_args()
    chosen.jobs = chosen.jobs.split(",")
    unknown = [job for job in chosen.jobs if job not in JOBS]
    if unknown:
        parser.error(f"unknown jobs: {', '.join(unknown)}; there are {', '.join(JOBS)}")
    return chosen


def main():
    chosen = arguments()
    load = os.getloadavg()[0]
    if load > 0.3:
        print(f"the machine is busy (load {load:.2f}): the figures will mislead", file=sys.stderr)
    measured = {}
    for job in chosen.jobs:
        measured[job] = rounds_of(job, chosen)
        comparisons = [each for each in COMPARISONS if each.job in measured]
        text = report(comparisons, measured, chosen, load)
        if chosen.page:
            write_page(text)
    if not chosen.page:
        print(text)


if __name__ == "__main__":
    main()
