"""The cap on what a run has at stake: orders count until they are known to have ended."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import GuardError
from harness.safety.exposure import Exposure


def order(p="100", s="1", *, b=True, r=False, **more):
    return {"a": 4, "b": b, "p": p, "s": s, "r": r, "t": {"limit": {"tif": "Gtc"}}, **more}


def placing(*orders, vault=None):
    return {"action": {"type": "order", "orders": list(orders), "grouping": "na"}, "vaultAddress": vault}


def cancelling(*oids, kind="cancel", name="o"):
    return {"action": {"type": kind, "cancels": [{"a": 4, name: oid} for oid in oids]}}


def statuses(*found):
    return json.dumps({"status": "ok", "response": {"type": "order", "data": {"statuses": list(found)}}})


def resting(oid):
    return {"resting": {"oid": oid}}


def filled(oid, size, px):
    return {"filled": {"oid": oid, "totalSz": size, "avgPx": px}}


@pytest.fixture
def exposure():
    return Exposure(Decimal(300))


def done(exposure, payload, *found):
    exposure.answered(payload, exposure.place(payload), statuses(*found))
    return exposure.usd


def test_orders_add_up_to_the_cap(exposure):
    assert done(exposure, placing(order(), order(s="2")), resting(1), resting(2)) == 300
    with pytest.raises(GuardError, match=r"has 300 USDC in orders and positions, and 10 would come on top"):
        exposure.place(placing(order("10")))
    assert exposure.usd == 300


def test_one_request_above_the_cap_is_refused_whole(exposure):
    with pytest.raises(GuardError, match="--max-exposure-usd"):
        exposure.place(placing(order(), order(), order(), order("1")))
    assert exposure.usd == 0


def test_cancelled_order_counts_no_more(exposure):
    done(exposure, placing(order(), order(c="0x01")), resting(1), resting(2))

    assert done(exposure, cancelling(1), "success") == 100
    assert done(exposure, cancelling("0x01", kind="cancelByCloid", name="cloid"), "success") == 0


def test_order_that_could_not_be_cancelled_counts_on(exposure):
    done(exposure, placing(order()), resting(1))

    assert (
        done(exposure, cancelling(1), {"error": "Order was never placed, already canceled, or filled."})
        == 100
    )


def test_refused_order_does_not_count(exposure):
    assert done(exposure, placing(order(), order()), {"error": "no"}, resting(1)) == 100
    sent = placing(order())
    exposure.answered(sent, exposure.place(sent), '{"status":"err","response":"no"}')
    assert exposure.usd == 100


@pytest.mark.parametrize("answer", ["", "null", "<html>", '{"status":"ok"}', "[]", statuses(), "7"])
def test_order_with_an_answer_that_says_nothing_counts(exposure, answer):
    sent = placing(order())
    exposure.answered(sent, exposure.place(sent), answer)

    assert exposure.usd == 100


def test_order_without_an_answer_counts(exposure):
    exposure.place(placing(order()))
    assert exposure.usd == 100


def test_position_is_worth_its_price_and_closing_takes_it_away(exposure):
    assert done(exposure, placing(order(s="2")), filled(1, "2", "90")) == 180
    assert done(exposure, placing(order("80", "1", b=False, r=True)), filled(2, "1", "88")) == 88
    assert done(exposure, placing(order("80", "1", b=False)), filled(3, "1", "88")) == 0


def test_rest_of_an_order_that_was_filled_in_part_counts(exposure):
    assert done(exposure, placing(order(s="2")), filled(1, "0.5", "90")) == 45 + 150
    assert done(exposure, cancelling(1), "success") == 45


def test_modified_order_takes_the_place_of_the_one_before(exposure):
    done(exposure, placing(order()), resting(1))
    sent = {"action": {"type": "batchModify", "modifies": [{"oid": 1, "order": order("50")}]}}

    assert done(exposure, sent, resting(2)) == 50


def test_refused_modification_leaves_the_order(exposure):
    done(exposure, placing(order()), resting(1))
    sent = {"action": {"type": "batchModify", "modifies": [{"oid": 1, "order": order("50")}]}}

    assert done(exposure, sent, {"error": "no"}) == 100


def test_orders_inside_multi_sig_count(exposure):
    inner = placing(order())["action"]
    exposure.place({"action": {"type": "multiSig", "payload": {"action": inner}}})

    assert exposure.usd == 100


def test_sweep_clears_all(exposure):
    done(exposure, placing(order()), resting(1))
    done(exposure, placing(order("50"), vault="0x01"), resting(2))
    done(exposure, placing(order("10"), vault="0x01"), filled(3, "1", "10"))
    assert exposure.usd == 160
    exposure.swept()

    assert exposure.usd == 0


@pytest.mark.parametrize(
    "payload", [None, [], {"type": "meta"}, {"action": "x"}, {"action": {"type": "cancel"}}]
)
def test_what_places_nothing_adds_nothing(exposure, payload):
    assert done(exposure, payload, "success") == 0


@given(
    st.lists(st.tuples(st.integers(1, 200), st.booleans(), st.sampled_from(["rest", "fill", "lost", "no"])))
)
def test_more_than_the_cap_is_never_at_stake(rows):
    exposure = Exposure(Decimal(300))
    for oid, (px, is_buy, end) in enumerate(rows):
        sent = placing(order(str(px), b=is_buy))
        try:
            names = exposure.place(sent)
        except GuardError:
            assert exposure.usd + px > 300
            continue
        found = {"rest": resting(oid), "fill": filled(oid, "1", str(px)), "no": {"error": "no"}}
        if end != "lost":
            exposure.answered(sent, names, statuses(found[end]))
        # A position is counted at the price of its last fill.
        assert sum(one.worth for one in exposure._open.values()) <= 300
