"""What the peers' scripts share: their options, random tokens, taking the time, the JSON line.

The rule is that of `rlhf bench`: the first run is thrown away, then runs are made until there are
at least three and --seconds have passed; the median counts. Peers get two runs more to warm up.
"""

import argparse
import contextlib
import json
import platform
import statistics
import sys
import time
from importlib.metadata import version

import torch

WARM_UP_RUNS = 3
FEWEST_RUNS = 3
MOST_RUNS = 200
# Batches a trainer's data set holds, so that the ends of epochs do not slow its steps.
TRAINER_BATCHES = 64


def options(description, **more):
    """Parses the options of all scripts, and those of one: name=default, False for a switch."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="a folder that checkpoints.py wrote")
    parser.add_argument("--seconds", type=float, default=2.0, help="time to measure, at least")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=42)
    for name, default in more.items():
        if default is False:
            parser.add_argument(f"--{name}", action="store_true")
        else:
            parser.add_argument(f"--{name}", type=type(default), default=default)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(chosen.seed)
    return chosen


def random_tokens(rows, length, vocabulary, seed):
    """Token ids [rows, length], uniform over the vocabulary, as the bench draws them."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(vocabulary, (rows, length), generator=generator)


def random_text(rows, length, seed):
    """Strings of `length` letters: as many tokens for the tokenizer of checkpoints.py."""
    letters = random_tokens(rows, length, 26, seed)
    return ["".join(chr(ord("a") + int(letter)) for letter in row) for row in letters]


class RunTimer:
    """Takes the time of runs that follow each other and says when there are enough."""

    def __init__(self, seconds):
        self.wanted_seconds = seconds
        self.laps = []
        self.start()

    def start(self):
        self.last = time.perf_counter()

    def lap(self):
        """Ends a run; true when no other one is needed."""
        now = time.perf_counter()
        self.laps.append(now - self.last)
        self.last = now
        runs = self.laps[WARM_UP_RUNS:]
        enough = len(runs) >= FEWEST_RUNS and sum(runs) >= self.wanted_seconds
        return enough or len(runs) >= MOST_RUNS

    def repeat(self, run):
        """Makes runs until there are enough."""
        self.start()
        while True:
            run()
            if self.lap():
                return

    def callback(self):
        """A callback for a trainer of transformers or TRL, for which an optimizer step is a run."""
        from transformers import TrainerCallback

        timer = self

        class StepCallback(TrainerCallback):
            def on_train_begin(self, args, state, control, **others):
                timer.start()

            def on_step_end(self, args, state, control, **others):
                control.should_training_stop = timer.lap()

        return StepCallback()

    def report(self, peer, amount, unit, libraries):
        """Prints one line: the figures under the names that `rlhf bench --json` uses."""
        runs = sorted(self.laps[WARM_UP_RUNS:])
        median = statistics.median(runs)
        print(json.dumps({
            "peer": peer, "runs": len(runs), "median_seconds": median,
            "fastest_seconds": runs[0], "slowest_seconds": runs[-1],
            f"{unit}_per_second": amount / median, "threads": torch.get_num_threads(),
            "versions": {"Python": platform.python_version()} | {
                name: version(name) for name in ["torch", "transformers", *libraries]},
        }))


def quiet():
    """Sends what libraries print to standard error: standard output is for the JSON line."""
    return contextlib.redirect_stdout(sys.stderr)
