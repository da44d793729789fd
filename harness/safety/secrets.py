"""Takes keys, passwords and signatures out of what a run prints or writes."""

import base64
import re
from collections.abc import Iterable
from typing import Any, Final

from harness.settings import Key

HIDDEN: Final = "(hidden)"
# A figure as long as a key or half a signature: in hex with or without 0x, or decimal.
_FIGURE: Final = re.compile(r"(?<![0-9a-zA-Z])(?:0[xX])?[0-9a-fA-F]{48,}(?![0-9a-zA-Z])")
_R_OR_S: Final = re.compile(
    r"""((?<![0-9a-zA-Z_])['"]?[rs]['"]?\s*[:=]\s*['"]?)(0[xX][0-9a-fA-F]{48,64}|[0-9]{58,78})"""
)
_HALF: Final = 64


class Secrets:
    """What must not be shown: the run's keys, and each signature that it has sent."""

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._figures: set[int] = set()
        self._texts: list[str] = []
        for key in keys:
            raw = bytes(key.raw)
            self._figures.add(int.from_bytes(raw))
            shown = {repr(raw)[2:-1], repr(bytearray(raw))[12:-2], str(list(raw))[1:-1]}
            encoded = {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
            self._texts += sorted(
                shown | encoded | {one.rstrip("=") for one in encoded}, key=len, reverse=True
            )

    def add_signatures(self, payload: Any) -> None:
        """Remember each signature in a request, also those inside a multi-sig action."""
        if isinstance(payload, dict):
            halves = (payload.get("r"), payload.get("s"))
            figures = {_figure(one) for one in halves if isinstance(one, str)}
            if len(figures) == len(halves):
                self._figures |= {figure for figure in figures if figure is not None}
            for value in payload.values():
                self.add_signatures(value)
        elif isinstance(payload, list):
            for value in payload:
                self.add_signatures(value)

    def scrub(self, text: str) -> str:
        """Return `text` without them."""
        for secret in self._texts:
            text = text.replace(secret, HIDDEN)
        return _R_OR_S.sub(rf"\1{HIDDEN}", _FIGURE.sub(self._hidden, text))

    def _hidden(self, match: re.Match[str]) -> str:
        found = match.group()
        digits = found[2:] if found[:2].lower() == "0x" else found
        parts = {digits, digits[:_HALF], digits[_HALF : 2 * _HALF]}
        known = any(_figure(part) in self._figures for part in parts if part)
        return HIDDEN if known or (digits.isdigit() and int(digits) in self._figures) else found


def _figure(text: str) -> int | None:
    try:
        return int(text, 16)
    except ValueError:
        return None
