"""Killed runs leave nothing that the next one does not sweep. The long campaign is `kills.py`."""

import sys

import pytest

from tests.safety.kill_world import World, served
from tests.safety.killed_runs import Aim
from tests.safety.kills import Campaign, campaign

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX systems do"),
]


def test_nothing_is_left_after_kills_and_a_whole_run(tmp_path):
    assert campaign(tmp_path, runs=6, seed=7, say=print) == []


def test_run_that_ends_before_its_instant_is_done_again_and_not_counted(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.safety.kills.aimed", lambda *_: Aim("end", 4, 0.01))
    world = World(7)
    with served(world) as url:
        made = Campaign(tmp_path, world, url, 7, print)
        assert made.kill(1) == []

    assert made.by_itself > 0
    assert made.spread.kills.total() == 1
