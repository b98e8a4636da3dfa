"""What compare.py measured, as facts and a Markdown table, and its place in README.md."""

import datetime
import os
import platform
import statistics
import subprocess
from pathlib import Path

PAGE = Path(__file__).resolve().parent / "README.md"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"
UNITS = ["tokens_per_second", "pairs_per_second", "answers_per_second",
         "episodes_per_second"]


def rate(figures):
    """The rate of a side and its unit, such as `tokens/s`."""
    key = next(key for key in UNITS if key in figures)
    return figures[key], key.replace("_per_second", "/s")


def row(comparison, rounds):
    """A line of the table."""
    cells = [comparison.model, comparison.what, comparison.other.name]
    reasons = [each[side] for each in rounds for side in (comparison.ours, comparison.other)
               if isinstance(each[side], str)]
    ours, others = (
        [rate(each[side]) for each in rounds if not isinstance(each[side], str)]
        for side in (comparison.ours, comparison.other))
    cells += [amount(ours), amount(others)]
    if reasons:
        cells += [f"not measured: {reasons[0]}".replace("|", "/"), "", ""]
    else:
        ratios = [mine[0] / other[0] for mine, other in zip(ours, others)]
        limits = [each[comparison.ours]["limit"] for each in rounds]
        cells += [
            f"{statistics.median(ratios):.2f}", f"{min(ratios):.2f} to {max(ratios):.2f}",
            f"{statistics.median(limits):.2f}" if None not in limits else ""]
    cells.append(f"{comparison.wanted:.1f}" if comparison.wanted else "")
    return "| " + " | ".join(cells) + " |"


def amount(rates):
    if not rates:
        return ""
    median = statistics.median(each[0] for each in rates)
    return (f"{median:,.0f}" if median >= 100 else f"{median:.1f}") + f" {rates[0][1]}"


def facts(measured, chosen, load):
    """The machine and the versions, one to a line."""
    every = [figures for rounds in measured.values() for each in rounds
             for figures in each.values() if not isinstance(figures, str)]
    ours = [each["machine"] for each in every if "machine" in each]
    versions = {}
    for each in every:
        for name, number in each.get("versions", {}).items():
            versions.setdefault(name, []).append(number)
    lines = [
        f"{datetime.date.today()}; {processor()}, {os.cpu_count()} cores, "
        f"{chosen.threads} threads, load of the machine before {load:.2f}",
        "; ".join(f"{name} {', '.join(dict.fromkeys(found))}" for name, found in versions.items())]
    if ours:
        version = subprocess.run([chosen.rlhf, "--version"], capture_output=True, text=True)
        told = [f"rlhf {version.stdout.strip()}", ours[-1].get("instruction_set", "")]
        reads = [each["read_gb_per_second"] for each in ours if "read_gb_per_second" in each]
        if reads:
            told.append(f"memory read at {statistics.median(reads):.1f} GB/s")
        products = [each["product_gflops"] for each in every if "product_gflops" in each]
        if products:
            told.append(f"products at {min(products):.0f} to {max(products):.0f} GFLOP/s")
        lines.append("; ".join(filter(None, told)))
    return "\n".join(f"* {line}" for line in lines if line)


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        names = (line.split(":", 1)[1] for line in lines if line.startswith("model name"))
        return next(names).strip()
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def report(comparisons, measured, chosen, load):
    """The facts and the table as Markdown; `measured` has the rounds of each job by its name."""
    rows = [row(each, measured[each.job]) for each in comparisons]
    return "\n".join([
        facts(measured, chosen, load), "",
        "| model | job | peer | ours | peer's | ratio | of the rounds | of the limit | wanted |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|", *rows])


def write_page(text):
    before, rest = PAGE.read_text().split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
