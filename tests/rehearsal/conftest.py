"""The stage as a fixture, and pytest in a project of a user's own before it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugin.conftest import project as project
from tests.plugin.conftest import sdk_imported as sdk_imported
from tests.rehearsal.redirect import redirect
from tests.rehearsal.stage import Stage, staged


@pytest.fixture
def stage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A localnet where this process finds the testnet, with keys in the environment."""
    folder = tmp_path / "front"
    folder.mkdir()
    with staged(folder, limits=getattr(request, "param", True)) as made:
        for name in [name for name in os.environ if name.startswith("HYPERLIQUID_")]:
            monkeypatch.delenv(name)
        for name, value in made.environment.items():
            if name.startswith("HYPERLIQUID_"):
                monkeypatch.setenv(name, value)
        redirect(monkeypatch, made.front.port, made.front.authority)
        yield made
