"""Every method on the preferences of tutorial 05, with several seeds, as a table.

    python methods.py --rlhf PATH --sessions FOLDER [--seeds 1,2,3,4,5]
    python methods.py --rlhf PATH --sessions FOLDER --document Tests/Peers/frontier.md

Runs the tutorial once a seed; the baseline, the pairs and the reward model are made in the first run and
taken from the store in the others. A seed's session goes on where it was interrupted. Nothing but
Python's own library is needed. Figures are means over the seeds, ± the standard deviation; seconds are
those of the cell, training and evaluation.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

TUTORIAL = "Tutorials/05-one-preference-many-methods.md"
METHODS = {"dpo": "DPO", "kto": "KTO", "orpo": "ORPO", "rloo": "RLOO", "grpo": "GRPO",
           "rft": "rejection sampling", "online-dpo": "online DPO", "ppo": "PPO"}
COLUMNS = [("eval/win_rate", "win rate", 3), ("eval/score", "gold", 2), ("eval/kl", "KL, nats", 2),
           ("completions/distinct", "distinct of 160", 0),
           ("best_of_n/n", "n of best-of-n at this KL, 128 at most", 0),
           ("best_of_n/score", "its gold", 2)]


def report(chosen, seed):
    """The report of a seed's run."""
    page = chosen.sessions / f"{seed}.json"
    subprocess.run(
        [chosen.rlhf, "run", chosen.document, "--set", f"seed={seed}", "--from-store", "--session",
         str(chosen.sessions / str(seed)), "--report", str(page), "--quiet"],
        stdin=subprocess.DEVNULL, stdout=sys.stderr, check=True)
    return json.loads(page.read_text())


def text(values, digits):
    mean = f"{statistics.mean(values):.{digits}f}"
    return mean if len(values) < 2 else f"{mean} ± {statistics.stdev(values):.{digits}f}"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rlhf", required=True, help="our program, built with -c release")
    parser.add_argument("--sessions", required=True, type=Path, help="where sessions are kept")
    parser.add_argument("--seeds", default="1,2,3,4,5")
    parser.add_argument("--document", default=TUTORIAL, help="of cells that train and evaluate")
    chosen = parser.parse_args()
    chosen.sessions.mkdir(parents=True, exist_ok=True)
    cells = [{cell["id"]: cell for cell in report(chosen, seed)["cells"]}
             for seed in chosen.seeds.split(",")]
    print("| method | " + " | ".join(name for _, name, _ in COLUMNS) + " | least win rate | seconds |")
    print("|---|" + "---:|" * (len(COLUMNS) + 2))
    assessed = [cell for cell in cells[0] if "eval/win_rate" in cells[0][cell].get("facts", {})]
    for method in assessed:
        name = METHODS.get(method, method)
        found = [each[method] for each in cells]
        facts = [each["facts"] for each in found]
        row = [text([each[key] for each in facts], digits) for key, _, digits in COLUMNS]
        row += [f"{min(each['eval/win_rate'] for each in facts):.3f}",
                text([each["seconds"] for each in found], 0)]
        print(f"| {name} | " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
