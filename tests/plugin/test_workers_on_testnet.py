"""Workers of pytest-xdist on testnet: one account, one cap on what is at stake."""

import json
import sys

import pytest

from harness.safety import journals
from harness.safety.machine import state_folder
from tests.plugin.test_interrupted import IN_ITS_PLACE, start

PLACES = """
    @pytest.mark.coin("ETH")
    @pytest.mark.parametrize("number", range(6))
    def test_places(trader, market, number):
        trader.exchange.order(**market.bid(depth_bps=1_000, notional_usd=12))
"""


@pytest.fixture
def run(project, world):
    """Run the project's scenarios with workers, and return what was printed."""

    def run(*arguments):
        (project.path / "conftest.py").write_text(IN_ITS_PLACE)
        output, _ = start(world, project, "-p", "xdist", *arguments).communicate(timeout=120)
        return output

    return run


def worth_of_orders(world):
    return sum(float(row["limitPx"]) * float(row["sz"]) for row in world.ask("openOrders"))


def test_cap_holds_for_all_workers_together(project, world, run):
    """Orders are kept, so they stay at stake; each worker alone could place two of them."""
    project.write(PLACES)
    output = run("-n", "4", "--keep-orders", "--max-exposure-usd=30")

    assert "4 failed, 2 passed" in output, output
    assert "of it in other workers" in output
    assert 20 < worth_of_orders(world) <= 30


def test_what_is_swept_is_free_for_other_workers(project, world, run):
    project.write(PLACES)
    output = run("-n", "4", "--max-exposure-usd=15")

    assert "6 passed" in output, output
    assert world.orders() == set()
    assert json.loads((state_folder() / "exposure.json").read_text()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX systems do")
def test_what_a_killed_worker_had_counts_until_the_next_has_swept_it(project, world, run):
    project.write(
        PLACES
        + """        if number == 2:
            import os, signal
            os.kill(os.getpid(), signal.SIGKILL)
"""
    )
    output = run("-n", "1", "--max-exposure-usd=15")

    assert "1 failed, 5 passed" in output, output
    assert world.orders() == set()
    assert journals.open_ones(project.path / ".hl-harness") == []
