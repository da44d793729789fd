"""What a worker of pytest-xdist hands to the process that prints the summary."""

from types import SimpleNamespace

import pytest

from harness.plugin import drifting, runs, terminal
from harness.plugin.fixtures import VENUE
from harness.plugin.options import SETTINGS
from harness.settings import Settings
from harness.shapes import Finding
from harness.shapes.coverage import Coverage

FINDING = Finding("$.mood", "1", "no such field", "UserRole", "unknown-field")


WRITTEN_NONE = (
    "hyperliquid: cassettes written: 0 new, 0 changed, 0 as before; "
    "those of scenarios that did not pass were left alone"
)


class Printer:
    """Stands for pytest's terminal."""

    def __init__(self):
        self.lines = []
        self.section = self.write_line = self.lines.append


def config(venue=None, **more):
    """A configuration with or without a venue."""
    made = SimpleNamespace(stash=pytest.Stash(), **more)
    made.stash[SETTINGS] = Settings(target="localnet", record=True)
    made.option = SimpleNamespace(shape_coverage=False, verbose=0)
    made.pluginmanager = SimpleNamespace(register=lambda *plugin: None)
    runs.pytest_configure(made)
    drifting.pytest_configure(made)
    if venue is not None:
        made.stash[VENUE] = venue
    return made


def summary(made):
    printer = Printer()
    terminal.pytest_terminal_summary(printer, made)
    return printer.lines


def worker():
    """The configuration of a worker that has something to tell."""
    wire = SimpleNamespace(
        unproven=2, drift=[("test_role", FINDING)], coverage=Coverage(), outlived={"test_bot": 3}
    )
    return config(
        SimpleNamespace(
            wire=wire, left_open=["0x1: order 5 on ETH"], testnet=None, recorded={"new": 1, "changed": 2}
        ),
        workeroutput={},
    )


def test_notes_of_the_workers_are_told_together():
    controller = config()
    for _ in range(2):
        of_worker = worker()
        terminal.pytest_sessionfinish(SimpleNamespace(config=of_worker))
        terminal.pytest_testnodedown(SimpleNamespace(config=controller, workeroutput=of_worker.workeroutput))

    assert summary(controller) == [
        "hyperliquid: 4 answers are unproven: localnet does not implement what was asked, "
        "or a fault spoiled the answer",
        "hyperliquid: cassettes written: 2 new, 4 changed, 0 as before; "
        "those of scenarios that did not pass were left alone",
        "answers of unknown form",
        *["test_role: $.mood: found 1"] * 2,
        "left open (--keep-orders)",
        *["0x1: order 5 on ETH"] * 2,
        "THREADS that outlived their scenario",
        "test_bot: left a thread running, which was refused 6 times since; stop it and join it before the "
        "scenario ends",
    ]


def test_worker_that_died_has_no_notes():
    controller = config()
    terminal.pytest_testnodedown(SimpleNamespace(config=controller))

    assert summary(controller) == [WRITTEN_NONE]


def test_run_without_workers_hands_nothing_over():
    alone = config()
    terminal.pytest_sessionfinish(SimpleNamespace(config=alone))

    assert summary(alone) == [WRITTEN_NONE]
