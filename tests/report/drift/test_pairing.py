"""Which step of A belongs to which step of B."""

import json

from hypothesis import given
from hypothesis import strategies as st

from harness.report.drift.pairing import Pair, pair
from tests.report.drift.answers import ORDER, asked, read

CANCEL = '{"action":{"type":"cancel","cancels":[{"a":4,"o":7}]},"nonce":6}'


def status(oid: int):
    return asked(json.dumps({"type": "orderStatus", "user": "0xab", "oid": oid}), {})


def test_ids_times_and_prices_do_not_part_two_steps() -> None:
    a = [asked(ORDER, {}), status(5)]
    b = [asked(ORDER.replace("1100", "2300.5").replace('"nonce":5', '"nonce":99'), {}), status(77)]
    assert pair(a, b) == [Pair(0, 0), Pair(1, 1)]


def test_step_of_one_side_stands_alone_and_the_rest_stay_together() -> None:
    a = [asked(ORDER, {}), status(5), asked(CANCEL, {})]
    b = [asked(ORDER, {}), asked(CANCEL, {})]
    assert pair(a, b) == [Pair(0, 0), Pair(1, None), Pair(2, 1)]
    assert pair(b, a) == [Pair(0, 0), Pair(None, 1), Pair(1, 2)]


def test_same_kind_in_another_form_belongs_together() -> None:
    older = asked('{"type":"openOrders","user":"0xab"}', [])
    newer = asked('{"type":"openOrders","user":"0xab","dex":""}', [])
    assert pair([older], [newer]) == [Pair(0, 0)]


def test_other_kind_never_does() -> None:
    assert pair([read("meta", {})], [read("spotMeta", {})]) == [Pair(0, None), Pair(None, 0)]


def test_read_that_a_wait_repeats_is_paired_from_its_last_time_on() -> None:
    a, b = [status(5), asked(CANCEL, {})], [status(9), status(9), status(9), asked(CANCEL, {})]
    assert pair(a, b) == [Pair(None, 0, True), Pair(None, 1, True), Pair(0, 2), Pair(1, 3)]
    assert pair(b, a) == [Pair(0, None, True), Pair(1, None, True), Pair(2, 0), Pair(3, 1)]


def test_action_that_is_repeated_is_no_wait() -> None:
    assert pair([asked(CANCEL, {})], [asked(CANCEL, {}), asked(CANCEL, {})]) == [Pair(0, 0), Pair(None, 1)]


steps = st.lists(
    st.sampled_from([asked(ORDER, {}), asked(CANCEL, {}), status(1), status(2), read("meta", {})]),
    max_size=12,
)


@given(steps, steps)
def test_every_step_stands_in_it_once_and_in_order(a, b) -> None:
    pairs = pair(a, b)
    assert [one.a for one in pairs if one.a is not None] == list(range(len(a)))
    assert [one.b for one in pairs if one.b is not None] == list(range(len(b)))
    for one in pairs:
        if one.a is not None and one.b is not None:
            assert a[one.a].kind == b[one.b].kind


@given(steps)
def test_same_steps_belong_together_one_to_one(a) -> None:
    assert pair(a, list(a)) == [Pair(number, number) for number in range(len(a))]
