"""A sample of the fault campaign, and that its judge sees what is wrong. The whole of it is `faults.py`."""

import copy
import os
import subprocess
import sys

import pytest

from tests.rehearsal.cases import Case, Evidence
from tests.rehearsal.test_core import ROOT
from tests.rehearsal.verdicts import amiss

ACCEPTED = {"status": "ok", "response": {"type": "order", "data": {"statuses": [{"resting": {"oid": 7}}]}}}
WISH = {"a": 4, "b": True, "p": "3000", "s": "0.01", "r": False, "t": {"limit": {"tif": "Gtc"}}, "c": "0xab"}
NODE = "test_s.py::test_one"


@pytest.mark.slow
def test_nothing_is_amiss_in_a_sample():
    options = ["--scenarios", "test_resting_order", "test_order_updates", "--only"]
    options += ["ask_rests_above_mid", "refused_order_is_told"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.rehearsal.faults", *options, "--sample=20", "--seed=5", "--jobs=2"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert "nothing is amiss" in done.stdout, done.stdout + done.stderr
    assert "20 of 20 cases" in done.stdout
    assert done.returncode == 0


def arrival(nonce, **changed):
    action = {"type": "order", "orders": [WISH | changed.pop("wish", {})], "grouping": "na"}
    body = {"action": action, "nonce": nonce, "signature": {"r": "0x1", "s": "0x2", "v": 27}}
    made = {"path": "/exchange", "body": body, "fault": None, "answer": ACCEPTED, "status": 200}
    return made | changed


def line(nonce, by="scenario"):
    return {"n": nonce, "at": 1, "by": by, "path": "/exchange", "sent": arrival(nonce)["body"]}


def answered(nonce, status=200, answer='{"status":"ok"}'):
    return {"n": nonce, "at": 2, "path": "/exchange", "status": status, "answer": answer}


def report(outcome="passed", text=""):
    return {"when": "call", "outcome": outcome, "text": text}


def evidence(**changed):
    """A run that placed one order and passed."""
    made = Evidence(
        code=0,
        seconds=1.0,
        text="1 passed",
        reports=[report()],
        arrivals=[arrival(1)],
        journal=[line(1), answered(1)],
        left=[],
        fired=1,
    )
    for name, value in changed.items():
        setattr(made, name, value)
    return made


def judged(fault, **changed):
    return amiss(Case(NODE, fault, 1), evidence(**changed), evidence())


UNKNOWN = "order for 0x (nonce 1) was sent, and no answer came: order 7 on ETH rests"
LOST = {
    "code": 1,
    "text": f"1 failed\n{UNKNOWN}",
    "reports": [report("failed", f"E  UnknownOutcome: {UNKNOWN}")],
    "arrivals": [arrival(1, fault="lost", status=None)],
    "journal": [line(1)],
}


def test_run_as_it_should_be_has_nothing_amiss():
    assert judged(None) == judged("slow") == judged("lost", **LOST) == []


@pytest.mark.parametrize(
    ("fault", "changed", "found"),
    [
        ("slow", {"left": ["trader: order 7 on ETH"]}, "left: trader: order 7 on ETH"),
        ("outage", {"left": ["trader: order 7 on ETH"]}, "left and not told"),
        (
            "outage",
            {"left": ["x"], "text": "LEFT by this run", "left_later": ["trader: order 7"]},
            "left even after a sweep",
        ),
        ("slow", {"arrivals": [arrival(1), arrival(1)]}, "repeated: order with nonce 1"),
        ("slow", {"arrivals": [arrival(1), arrival(1)]}, "accepted twice: nonce 1"),
        ("slow", {"arrivals": [arrival(1), arrival(2)]}, "accepted twice: cloid 0xab"),
        (
            "slow",
            {
                "arrivals": [arrival(1), arrival(2, wish={"c": "0xcd"})],
                "journal": [line(1), line(2), answered(1), answered(2)],
            },
            "duplicate: 1 more of order 4 buy",
        ),
        ("slow", {"journal": []}, "not in the journal: order with nonce 1"),
        ("lost", LOST | {"text": "1 failed"}, "unknown and not told: order with nonce 1"),
        ("slow", {"code": 3}, "no clear end: pytest's exit code 3"),
        ("slow", {"reports": []}, "no clear end: no report"),
        (
            "rateLimited",
            {"code": 1, "reports": [report("failed", "429")]},
            "failed for something that is harm",
        ),
        ("lost", LOST | {"reports": [report()]}, "passed, and order was not answered"),
        (
            "badGateway",
            {"journal": [line(1), answered(1, 502, "<html>")]},
            "passed, and order was answered 502",
        ),
        ("lost", LOST | {"reports": [report("failed", "AssertionError")]}, "failed without saying what came"),
        (
            "lost",
            LOST | {"reports": [report("failed", "no answer came")]},
            "failed without naming the request",
        ),
        (
            "lost",
            LOST | {"reports": [report("failed", f"{UNKNOWN}\nharness/wire.py:12: in send")]},
            "a traceback of the harness's insides",
        ),
    ],
)
def test_what_is_wrong_is_seen(fault, changed, found):
    assert found in "\n".join(judged(fault, **copy.deepcopy(changed)))


def test_what_was_answered_429_may_come_again():
    refused = arrival(1, fault="rateLimited", answer=None, status=429)

    assert judged("rateLimited", arrivals=[refused, arrival(1)]) == []
