"""Killed runs leave nothing that the next one does not sweep. The long campaign is `kills.py`."""

import sys

import pytest

from tests.safety.kills import campaign


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX systems do")
def test_nothing_is_left_after_kills_and_a_whole_run(tmp_path):
    assert campaign(tmp_path, runs=6, seed=7, say=print) == []
