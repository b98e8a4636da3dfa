"""Shared by the reference scripts: where fixtures go, and how numbers are written.

Inputs are rounded to float32 before anything is computed with them; results are computed in float64
and rounded to float32 when they are written, with the fewest digits that read back the same.
"""

import json
from pathlib import Path

import numpy as np
import torch

FIXTURES = Path(__file__).resolve().parent.parent / "Fixtures"

torch.set_num_threads(1)


def single(values):
    """Float64 tensor whose every value is a float32."""
    return torch.as_tensor(values, dtype=torch.float64).to(torch.float32).to(torch.float64)


def tensor(values):
    """{"shape", "values"}: row-major, for tensors of any rank; a scalar has the shape []."""
    values = values.detach()
    return {"shape": list(values.shape), "values": numbers(values)}


def numbers(values):
    """A flat list of float32 numbers."""
    return list(np.asarray(torch.as_tensor(values).detach().to(torch.float32)).reshape(-1))


def number(value):
    return numbers(torch.as_tensor(value))[0]


def text(value):
    """Compact JSON of one value; float32 with the fewest digits, other floats in full."""
    if isinstance(value, np.float32):
        assert np.isfinite(value), "a reference value is not finite"
        return np.format_float_scientific(value, trim="-", exp_digits=1) \
            if value != 0 and not 1e-4 <= abs(value) < 1e7 else \
            np.format_float_positional(value, trim="0")
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(text(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def pretty(value, indent=0, width=100):
    """JSON for people and diffs: what fits a line stands on one, long number lists are wrapped."""
    flat = text(value)
    if len(flat) + indent <= width or not isinstance(value, (dict, list, tuple)):
        return flat
    inner = " " * (indent + 1)
    if isinstance(value, dict):
        rows = [f"{json.dumps(k)}: {pretty(v, indent + 1, width)}" for k, v in value.items()]
        return "{\n" + ",\n".join(inner + row for row in rows) + "\n" + " " * indent + "}"
    if all(isinstance(v, (int, np.float32)) for v in value):
        rows, line = [], ""
        for part in map(text, value):
            if line and len(inner) + len(line) + len(part) + 2 > width:
                rows.append(line)
                line = ""
            line += (", " if line else "") + part
        rows.append(line)
    else:
        rows = [pretty(v, indent + 1, width) for v in value]
    return "[\n" + ",\n".join(inner + row for row in rows) + "\n" + " " * indent + "]"


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(pretty(value) + "\n", encoding="utf-8")
    print(f"{path.relative_to(FIXTURES.parent)}: {path.stat().st_size:,} bytes")


def write_json_lines(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(text(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{path.relative_to(FIXTURES.parent)}: {path.stat().st_size:,} bytes")
