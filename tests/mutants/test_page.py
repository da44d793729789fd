"""The example of `docs/answer-mutants.md` does what it says."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def found_in_the_page() -> dict[str, Callable[[], None]]:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/answer-mutants.md").read_text(), re.DOTALL)
    names: dict[str, Callable[[], None]] = {"__name__": "test_mine"}
    exec(compile(code, "docs/answer-mutants.md", "exec"), names)
    return {name: one for name, one in names.items() if name.startswith("test_")}


def test_the_example_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = found_in_the_page()
    assert len(found) == 2
    for test in found.values():
        test()
