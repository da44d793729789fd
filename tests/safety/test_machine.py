"""What the processes of one machine share: nonces that never collide, in a folder of the user's state."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import Timeout

from harness.errors import HarnessError
from harness.safety.machine import Nonces, account_lock, state_folder

DRAW = """
import sys
from pathlib import Path
from harness.safety.machine import Nonces
nonces = Nonces(Path(sys.argv[1]))
print(*(nonces.next(1_000) for _ in range(200)))
"""


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_STATE_HOME": "/state"}, Path("/state/hl-harness")),
        ({"XDG_STATE_HOME": "not/absolute"}, Path.home() / ".local/state/hl-harness"),
        ({"XDG_STATE_HOME": ""}, Path.home() / ".local/state/hl-harness"),
        ({}, Path.home() / ".local/state/hl-harness"),
    ],
)
def test_folder_is_the_users_state(environment, folder):
    assert state_folder(environment) == folder


def test_nonce_is_the_time_or_one_more_than_the_last(tmp_path):
    nonces = Nonces(tmp_path)

    assert [nonces.next(now) for now in (1_000, 1_000, 900, 2_000, 2_000)] == [
        1_000,
        1_001,
        1_002,
        2_000,
        2_001,
    ]
    assert Nonces(tmp_path).next(5) == 2_002


def test_processes_never_draw_the_same(tmp_path):
    drawing = [
        subprocess.Popen([sys.executable, "-c", DRAW, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    drawn = [int(one) for process in drawing for one in process.communicate(timeout=60)[0].split()]

    assert len(drawn) == 600
    assert sorted(drawn) == list(range(1_001, 1_601)) or sorted(drawn) == list(range(1_000, 1_600))


@pytest.mark.parametrize("text", ["", "{", "[1]", '"x"', "null"])
def test_damaged_file_costs_nothing_but_what_it_knew(tmp_path, text):
    (tmp_path / "nonce.json").write_text(text)

    assert Nonces(tmp_path).next(7) == 7


def test_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    started = time.monotonic()

    with pytest.raises(HarnessError, match="XDG_STATE_HOME"):
        Nonces(tmp_path / "file" / "below").next(1)

    assert time.monotonic() - started < 5


def test_processes_take_turns_at_an_account(tmp_path):
    held, other, waiting = (account_lock(tmp_path / "new", name) for name in ("0xa", "0xb", "0xa"))

    with held, other, pytest.raises(Timeout):
        waiting.acquire(timeout=0)
    waiting.acquire(timeout=0)
    waiting.release()
