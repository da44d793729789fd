"""What a journal's lines prove, whole or cut."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.safety.evidence import Evidence, is_whole, read_lines, wished
from tests.localnet.desk import modify, order, orders

ME = "0x" + "11" * 20


def sent(action, number=1, **more):
    who = {"signer": ME, "account": ME, "master": ME}
    body = {"action": action, "nonce": 5}
    return {"n": number, "at": 1, "by": "scenario", "path": "/exchange", **who, "sent": body, **more}


def answer(*statuses, number=1, status=200):
    data = {"status": "ok", "response": {"type": "order", "data": {"statuses": list(statuses)}}}
    return {"n": number, "path": "/exchange", "status": status, "answer": json.dumps(data)}


def account(*lines):
    return Evidence(lines).accounts[ME]


@pytest.mark.parametrize(
    ("statuses", "oids", "refused"),
    [
        (({"resting": {"oid": 7}}, {"filled": {"oid": 8, "totalSz": "1"}}), [7, 8], [False, False]),
        (({"error": "no"}, "waitingForFill"), [None, None], [True, False]),
        (({"error": "whole batch"},), [None, None], [True, True]),
    ],
)
def test_answer_tells_each_order(statuses, oids, refused):
    known = account(sent(orders(order(), order())), answer(*statuses))

    assert [wish.oid for wish in known.sent[0].orders] == oids
    assert [wish.is_refused for wish in known.sent[0].orders] == refused
    assert known.is_touched is not all(refused)


def test_no_answer_leaves_it_open():
    known = account(sent(orders(order(c="0x" + "AB" * 16))))

    assert [one.number for one in known.unknown] == [1]
    assert known.wishes[0][1].cloid == "0x" + "ab" * 16


@pytest.mark.parametrize(("fate", "touched"), [("never", False), ("over", True)])
def test_fate_that_was_found_out_counts(fate, touched):
    known = account(sent(orders(order())), {"n": 1, "fate": fate})

    assert (known.is_touched, known.unknown) == (touched, [])


def test_clean_account_is_forgotten_but_for_what_its_orders_were():
    evidence = Evidence([sent(orders(order())), {"clean": ME, "at": 2, "oids": [7]}])
    assert evidence.accounts == {}

    evidence.take(sent(orders(order())))
    assert evidence.accounts[ME].ended == {7}


@pytest.mark.parametrize(
    ("status", "text", "whole"),
    [
        (200, '{"status":"ok"}', True),
        (200, '{"status":"err","response":"no"}', True),
        (200, '{"status":"o', False),
        (200, "null", False),
        (200, "[]", False),
        (429, "null", True),
        (422, "no", True),
        (307, "", True),
        (500, "null", False),
        (502, "<html>", False),
    ],
)
def test_answer_tells_the_outcome_or_does_not(status, text, whole):
    assert is_whole(status, text) is whole


def test_orders_inside_other_actions_are_seen():
    inner = {"type": "multiSig", "payload": {"action": orders(order())}}

    assert [
        len(wished(one)[0]) for one in (inner, modify(5, order()), {"type": "modify", "order": order()})
    ] == [
        1,
        1,
        1,
    ]


@pytest.mark.parametrize(
    "action", [None, [], {"type": "order"}, {"type": "order", "orders": [{}]}, {"type": 5}]
)
def test_action_of_another_form_asks_for_nothing(action):
    assert wished(action) == ([], None)


@given(cut=st.integers(0, 400), noise=st.binary(max_size=20))
def test_cut_journal_reads_as_far_as_it_goes(cut, noise):
    whole = [sent(orders(order())), answer({"resting": {"oid": 7}}), {"clean": ME, "at": 2}]
    data = b"".join(json.dumps(line).encode() + b"\n" for line in whole)
    read = read_lines((data[:cut] + noise).decode("utf-8", "replace"))

    assert read[: len(whole)] == whole[: len(read)] or len(read) <= 1 + data[:cut].count(b"\n")
    Evidence(line for line in read if line in whole)
