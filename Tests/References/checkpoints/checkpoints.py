"""Weights files written by the safetensors library. Writes Fixtures/checkpoints."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

ROOT = Path(__file__).resolve().parent.parent.parent / "Fixtures" / "checkpoints"


def main():
    ROOT.mkdir(parents=True, exist_ok=True)
    # Every kind of half-sized number, as bits: zeros, subnormals, normals, infinities, not numbers.
    float16 = list(range(0, 0x10000, 257)) + [
        0x0000, 0x8000, 0x0001, 0x03FF, 0x0400, 0x3C00, 0x7BFF, 0x7C00, 0xFC00, 0x7E00, 0x3555]
    bfloat16 = list(range(0, 0x10000, 251)) + [
        0x0000, 0x8000, 0x0001, 0x007F, 0x0080, 0x3F80, 0x7F7F, 0x7F80, 0xFF80, 0x7FC0]
    # Floats between two half-sized numbers, to be rounded: ties, near ties, too large, tiny.
    floats = [0.0, -0.0, 1.0, 1 + 2**-8, 1 + 3 * 2**-8, 1 + 2**-8 + 2**-20, 1 + 2**-11, 1 + 3 * 2**-11,
              65504.0, 65519.9, 65520.0, 3.4e38, -3.4e38, 2**-24, 2**-25, 1.5 * 2**-24, 1e-40, 3.14159,
              -2.71828, 1e-8, 0.1, 123456.789, float("inf"), float("-inf")]
    f32 = torch.tensor(floats, dtype=torch.float32)
    tensors = {
        "float16": bits(float16).view(torch.float16),
        "bfloat16": bits(bfloat16).view(torch.bfloat16),
        "float32": f32.reshape(2, 3, 4),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "integers": torch.arange(6),
        "doubles": torch.ones(2, dtype=torch.float64),
    }
    save_file(tensors, ROOT / "types.safetensors", metadata={"made by": "a test"})
    save_file({"a": torch.arange(6.0).reshape(2, 3) / 8, "b.weight": torch.tensor([-1.5, 1e-3])},
              ROOT / "plain.safetensors", metadata={"format": "pt"})
    expected = {
        "float16": pattern(tensors["float16"].float()),
        "bfloat16": pattern(tensors["bfloat16"].float()),
        "float32": pattern(f32),
        "float32 as bfloat16": pattern(f32.to(torch.bfloat16).float()),
        "float32 as float16": pattern(f32.to(torch.float16).float()),
    }
    (ROOT / "types.json").write_text(json.dumps(expected) + "\n", newline="")


def bits(values):
    return torch.tensor([value - 0x10000 if value > 0x7FFF else value for value in values],
                        dtype=torch.int16)


def pattern(values):
    """Bit patterns of float32 values."""
    return [value & 0xFFFFFFFF for value in values.reshape(-1).view(torch.int32).tolist()]


main()
