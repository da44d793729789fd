"""The cap of a run over its processes: what they have at stake together is never more."""

import json
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import GuardError, HarnessError
from harness.safety.exposure import Exposure
from harness.safety.stakes import Stakes
from tests.safety.test_exposure import cancelling, filled, order, placing, resting, statuses

TRADE = """
import os, random, sys, time
from decimal import Decimal
from pathlib import Path
from harness.safety.stakes import Stakes
folder, name, log = sys.argv[1:]
stakes, chance = Stakes(Path(folder), "run", name), random.Random(name)
out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
have = 0
for _ in range(80):
    wish = chance.randrange(10, 80)
    if have + wish + stakes.take(Decimal(have + wish), Decimal(100)) <= 100:
        os.write(out, f"{wish}\\n".encode())
        have += wish
    else:
        os.write(out, b"0\\n")
    time.sleep(chance.uniform(0, 0.002))
    if chance.random() < 0.6:
        os.write(out, f"{-have}\\n".encode())
        have = 0
        stakes.note(Decimal(0))
"""


@pytest.fixture
def make(tmp_path):
    """Make the stakes of one process of a run."""
    return lambda process, run="run": Stakes(tmp_path, run, process)


def test_parts_add_up_to_the_cap(make):
    one, two = make("one"), make("two")

    assert one.take(Decimal(60), Decimal(100)) == 0
    assert two.take(Decimal("40.5"), Decimal(100)) == 60
    assert one.take(Decimal(60), Decimal(100)) == 0
    assert two.take(Decimal(40), Decimal(100)) == 60
    assert one.take(Decimal(61), Decimal(100)) == 40


def test_part_that_is_no_more_is_free(make):
    one, two = make("one"), make("two")
    one.take(Decimal(90), Decimal(100))
    one.note(Decimal(20))

    assert two.take(Decimal(80), Decimal(100)) == 20
    one.note(Decimal(0))
    assert two.take(Decimal(80), Decimal(100)) == 0


def test_what_has_happened_counts_above_the_cap_too(make):
    """A sale may be filled far above its limit price."""
    make("one").note(Decimal(150))

    assert make("two").take(Decimal(1), Decimal(100)) == 150


def test_runs_do_not_count_each_other(make):
    make("one", "first").take(Decimal(90), Decimal(100))

    assert make("two", "second").take(Decimal(90), Decimal(100)) == 0


def test_part_of_a_dead_process_counts_until_it_is_swept(make):
    make("dead").take(Decimal(90), Decimal(100))
    make("dead", "other run").take(Decimal(90), Decimal(100))
    living = make("living")
    living.drop(lambda process: False)
    assert living.take(Decimal(20), Decimal(100)) == 90

    living.drop(lambda process: process == "dead")
    assert living.take(Decimal(20), Decimal(100)) == 0
    assert make("living", "other run").take(Decimal(20), Decimal(100)) == 90


def test_part_of_last_month_is_forgotten(make, tmp_path):
    make("one").take(Decimal(90), Decimal(100))
    (row,) = json.loads((tmp_path / "exposure.json").read_text())
    (tmp_path / "exposure.json").write_text(json.dumps([[*row[:3], row[3] - 30 * 24 * 3600]]))

    assert make("two").take(Decimal(90), Decimal(100)) == 0


@pytest.mark.parametrize(
    "text",
    ["", "{", "7", "null", "[1]", '[["run","x","-1",0]]', '[["run","x","NaN",0]]', '[["run","x",null,0]]'],
)
def test_parts_that_cannot_be_read_let_nothing_leave(make, tmp_path, text):
    (tmp_path / "exposure.json").write_text(text)

    with pytest.raises(GuardError, match="cannot be read"):
        make("one").take(Decimal(1), Decimal(100))
    with pytest.raises(GuardError, match="no run on testnet is under way"):
        make("one").note(Decimal(0))


def test_folder_that_cannot_be_written_lets_nothing_leave(tmp_path):
    (tmp_path / "file").write_text("")
    exposure = Exposure(Decimal(100), Stakes(tmp_path / "file", "run", "one"))

    with pytest.raises(HarnessError, match="cannot be used"):
        exposure.place(placing(order("10")))
    assert exposure.usd == 0


def test_refusal_tells_of_the_other_workers(make):
    one, two = (Exposure(Decimal(300), make(name)) for name in ("one", "two"))
    one.place(placing(order(s="2")))

    two.place(placing(order()))
    with pytest.raises(GuardError, match=r"has 300 USDC .* \(200 of it in other workers\), and 10 would"):
        two.place(placing(order("10")))
    one.swept()
    two.place(placing(order("10")))


def test_processes_together_never_have_more_than_the_cap(tmp_path):
    log = tmp_path / "log"
    trading = [
        subprocess.Popen([sys.executable, "-c", TRADE, str(tmp_path / "state"), name, str(log)])
        for name in ("a", "b", "c", "d")
    ]
    assert [process.wait(timeout=120) for process in trading] == [0, 0, 0, 0]

    usd, most, refused = 0, 0, 0
    for line in log.read_text().splitlines():
        usd, refused = usd + int(line), refused + (line == "0")
        most = max(most, usd)
    assert 0 < most <= 100
    assert refused


DEEDS = st.tuples(
    st.integers(0, 2),
    st.integers(1, 200),
    st.sampled_from(["rest", "fill", "lost", "refused", "cancel", "sweep"]),
)


@given(deeds=st.lists(DEEDS, max_size=40))
def test_whatever_workers_do_together_they_keep_the_cap(tmp_path_factory, deeds):
    folder = tmp_path_factory.mktemp("state")
    workers = [Exposure(Decimal(300), Stakes(folder, "run", str(number))) for number in range(3)]
    for oid, (number, px, deed) in enumerate(deeds):
        worker = workers[number]
        together = sum(one.usd for one in workers)
        if deed == "sweep":
            worker.swept()
            continue
        # A position is worth the price of its last fill: at one price it is worth what was asked for.
        px = 50 if deed == "fill" else px
        sent = placing(order(str(px)))
        try:
            names = worker.place(sent)
        except GuardError:
            assert together + px > 300
            continue
        assert together + px <= 300
        found = {"rest": resting(oid), "cancel": resting(oid), "fill": filled(oid, "1", str(px))}
        if deed != "lost":
            worker.answered(sent, names, statuses(found.get(deed, {"error": "no"})))
        if deed == "cancel":
            gone = cancelling(oid)
            worker.answered(gone, worker.place(gone), statuses("success"))
        told = json.loads((folder / "exposure.json").read_text())
        assert sum(Decimal(row[2]) for row in told) == sum(one.usd for one in workers) <= 300
