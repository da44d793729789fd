"""Hold the strict check of a large answer against the plain reading of it.

Usage: python benchmarks/shapes.py

It checks a spotMeta of testnet's size against its shape, and reads the same bytes with `json.loads`.
The goal: the check costs at most 0.35 times the reading. Exit code 1: it costs more.
"""

import json
import random
import sys
import timeit

from harness.shapes import check_body

GOAL = 0.35
ROUNDS = 30
TOKENS, PAIRS = 1508, 1193
"""What testnet listed when spotMeta was recorded."""


def spot_meta() -> bytes:
    """Return an answer of testnet's size; ids and addresses are drawn."""
    dice = random.Random(1)

    def digits(count: int) -> str:
        return "0x" + "".join(dice.choice("0123456789abcdef") for _ in range(count))

    tokens = [
        {
            "name": f"TOKEN{index}",
            "szDecimals": 2,
            "weiDecimals": 8,
            "index": index,
            "tokenId": digits(32),
            "isCanonical": False,
            "evmContract": None if index % 3 else {"address": digits(40), "evm_extra_wei_decimals": 10},
            "fullName": f"Token {index}" if index % 2 else None,
            "deployerTradingFeeShare": "0.0",
        }
        for index in range(TOKENS)
    ]
    pairs = [
        {"tokens": [index + 1, 0], "name": f"@{index}", "index": index, "isCanonical": False}
        for index in range(PAIRS)
    ]
    return json.dumps({"universe": pairs, "tokens": tokens}, separators=(",", ":")).encode()


def seconds() -> tuple[float, float]:
    """Return the best times of the check and of the reading, taken in turns."""
    body = spot_meta()
    findings = check_body("info", "spotMeta", body)
    assert findings == (), findings
    checks, reads = [], []
    for _ in range(ROUNDS):
        checks.append(timeit.timeit(lambda: check_body("info", "spotMeta", body), number=1))
        reads.append(timeit.timeit(lambda: json.loads(body), number=1))
    return min(checks), min(reads)


def main() -> int:
    """Print the ratio; return the exit code."""
    check, read = seconds()
    ratio = check / read
    size = len(spot_meta()) / 1000
    print(f"spotMeta of {size:.0f} kB: check {check * 1e3:.2f} ms, json.loads {read * 1e3:.2f} ms")
    print(f"ratio {ratio:.2f}, goal at most {GOAL}: {'met' if ratio <= GOAL else 'missed'}")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
