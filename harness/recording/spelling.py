"""How hexadecimal values are spelled in texts, and the same spelling for another value.

Source: EIP-55, "Mixed-case checksum address encoding".
"""

import re
from collections.abc import Iterator, Mapping

from harness.typed_data import keccak256

_RUN = re.compile(r"[0-9a-fA-F]{16,}")
_WHOLE = re.compile(r"(?<![0-9a-zA-Z])(0[xX])?([0-9a-fA-F]{64}|[0-9a-fA-F]{40})(?![0-9a-zA-Z])")


def checksummed(digits: str) -> str:
    """Return 40 lower-case digits with the capital letters of the checksum."""
    marks = keccak256(digits.encode()).hex()
    return "".join(
        digit.upper() if mark >= "8" else digit for digit, mark in zip(digits, marks, strict=False)
    )


def whole_values(text: str) -> Iterator[str]:
    """Yield the digits, in lower case, of what looks like an address (40) or a hash (64)."""
    for found in _WHOLE.finditer(text):
        if found[1] or not found[2].isdecimal():
            yield found[2].lower()


def respell(spelled: str, new: str) -> str | None:
    """Return the lower-case digits `new` in the spelling of `spelled`; None if it is of no known spelling."""
    if spelled == spelled.lower():
        return new
    if spelled == spelled.upper():
        return new.upper()
    if len(spelled) == 40:
        real = checksummed(spelled.lower())
        if spelled == real:
            return checksummed(new)
        if spelled == real.swapcase():
            return checksummed(new).swapcase()
    return None


def hex_runs(text: str) -> Iterator[tuple[int, str]]:
    """Yield each run of 16 or more hexadecimal digits with its place."""
    for found in _RUN.finditer(text):
        yield found.start(), found[0]


class Table:
    """Values and what each becomes, in lower-case digits; found also inside longer runs of digits."""

    def __init__(self, new: Mapping[str, str]) -> None:
        self._new = {old: value for old, value in new.items() if old != value}
        self._lengths = sorted({len(old) for old in self._new}, reverse=True)

    def replaced(self, text: str) -> tuple[str, list[str]]:
        """Return `text` with every value replaced, and those of unknown spelling, now lower case."""
        parts: list[str] = []
        odd: list[str] = []
        done = 0
        for start, run in hex_runs(text):
            low, at = run.lower(), 0
            while at < len(run):
                old = next((low[at : at + n] for n in self._lengths if low[at : at + n] in self._new), None)
                if old is None:
                    at += 1
                    continue
                spelled = respell(run[at : at + len(old)], self._new[old])
                if spelled is None:
                    odd.append(old)
                parts += [text[done : start + at], spelled or self._new[old]]
                at += len(old)
                done = start + at
        return ("".join([*parts, text[done:]]), odd) if parts else (text, odd)
