"""Checks philox.json, published known-answer vectors, with a Philox4x32-10 from the paper."""

import json
from pathlib import Path

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
MASK = 0xFFFFFFFF


def philox4x32(counter, key, rounds):
    x0, x1, x2, x3 = counter
    k0, k1 = key
    for _ in range(rounds):
        left, right = MULTIPLIERS[0] * x0, MULTIPLIERS[1] * x2
        x0, x1, x2, x3 = (right >> 32) ^ x1 ^ k0, right & MASK, (left >> 32) ^ x3 ^ k1, left & MASK
        k0, k1 = (k0 + WEYL[0]) & MASK, (k1 + WEYL[1]) & MASK
    return [x0, x1, x2, x3]


published = json.loads(Path(__file__).with_suffix(".json").read_text())
for vector in published["vectors"]:
    counter, key, output = ([int(word, 16) for word in vector[k]]
                            for k in ("counter", "key", "output"))
    assert philox4x32(counter, key, published["rounds"]) == output, vector
print(f"{len(published['vectors'])} vectors agree")
