"""The last look before a tape is written: for what must not stand there, however it is spelled."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping

from harness.errors import RecordingError
from harness.recording.parts import Part
from harness.recording.spelling import hex_runs
from harness.recording.strings import strings

# So many digits in a row stand in another value by chance once in 10^19 looks.
_WINDOW = 16
_MIN_KINDS = 5
_DECIMAL = re.compile(r"\d{19,80}")
_BYTES = re.compile(r"(?:\b\d{1,3}\s*,\s*){7,}\d{1,3}\b")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}")


class Leaks:
    """A search for secrets: names; digits, in part too, as a decimal number, in base64, as bytes.

    Args:
        digits: lower-case digits, and what they are.
        names: texts, and what they are.
    """

    def __init__(self, digits: Mapping[str, str], names: Mapping[str, str]) -> None:
        self._names = names
        self._windows = {window: what for value, what in digits.items() for window in _windows(value)}

    def refuse(self, parts: Iterable[Part]) -> None:
        """Raise if a secret stands in one of these texts.

        Raises:
            RecordingError: names what, step and field, and nothing that is secret.
        """
        for part in parts:
            # A string may be spelled with escapes, so each is looked at as it reads.
            texts = [(f"{part.where}, {one.path}", one.value) for one in strings(part.text) or ()]
            for where, text in [*texts, (part.where, part.text)]:
                what = self.found_in(text)
                if what:
                    raise RecordingError(
                        f"{where[0].upper()}{where[1:]}: {what} still stands there after re-keying.",
                        needed="A tape without anything of yours; nothing was written, and the old cassette "
                        "is as it was.",
                        do="If the scenario spells it in a way of its own, let it send it as the SDK does; "
                        "or run it without --record.",
                    )

    def found_in(self, text: str) -> str | None:
        """Return what stands in a text, in words; None when nothing does."""
        for name, what in self._names.items():
            if name in text:
                return what
        for digits, spelled in _spelled(text):
            for at in range(len(digits) - _WINDOW + 1):
                what = self._windows.get(digits[at : at + _WINDOW], "")
                if what:
                    return f"{what}{spelled}"
        return None


def _windows(value: str) -> Iterator[str]:
    for at in range(len(value) - _WINDOW + 1):
        window = value[at : at + _WINDOW]
        # Runs of zeros stand everywhere.
        if len(set(window)) >= _MIN_KINDS:
            yield window


def _spelled(text: str) -> Iterator[tuple[str, str]]:
    """Yield what could be read as digits in a text, and how it is spelled there."""
    for _, run in hex_runs(text):
        yield run.lower(), ""
        for at in (0, 1):
            inner = bytes.fromhex(run[at : len(run) - (len(run) - at) % 2])
            yield from _inner(inner, ", as the bytes of its text in hex")
    for found in _DECIMAL.finditer(text):
        yield f"{int(found[0]):x}", ", as a decimal number"
    for found in _BYTES.finditer(text):
        numbers = [int(number) for number in re.findall(r"\d+", found[0])]
        yield "".join(f"{number:02x}" for number in numbers if number < 256), ", as a list of bytes"
    for found in _BASE64.finditer(text):
        run = found[0].replace("-", "+").replace("_", "/")
        for at in range(4):
            part = run[at : len(run) - (len(run) - at) % 4]
            decoded = base64.b64decode(part)
            yield decoded.hex(), ", in base64"
            yield from _inner(decoded, ", in base64")


def _inner(raw: bytes, spelled: str) -> Iterator[tuple[str, str]]:
    for _, run in hex_runs(raw.decode("latin-1")):
        yield run.lower(), spelled
