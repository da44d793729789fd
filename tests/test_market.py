"""A market: legal orders from what a scenario wants, on every coin, and never worth less than asked."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import PrecisionError, TargetUnavailable
from harness.intents import OrderIntent
from harness.market import Market
from harness.precision import is_legal_px, is_legal_sz
from harness.recording.tape import Reply
from harness.strategies import crossing_intents, resting_intents
from harness.targets.localnet import LocalnetTarget, localnet_universe
from tests.doors import JSON, closed_door, door


@pytest.fixture(scope="module")
def wire():
    """A door to the embedded exchange."""
    wire = closed_door(target="localnet")
    wire.begin("test", LocalnetTarget("test"))
    return wire


def market(wire, coin="ETH"):
    return Market(coin, wire, localnet_universe)


coins = st.sampled_from(
    [row["name"] for row in localnet_universe().meta["universe"] if not row.get("isDelisted")]
)


@settings(deadline=None)
@given(coin=coins, intent=resting_intents() | crossing_intents())
def test_ticket_of_an_intent_is_legal_on_the_right_side_and_worth_enough(wire, coin, intent):
    of_coin = market(wire, coin)
    mid = of_coin.mid
    ticket = of_coin.ticket(intent)

    assert is_legal_px(ticket.px, of_coin.sz_decimals)
    assert is_legal_sz(ticket.sz, of_coin.sz_decimals)
    assert ticket.px * ticket.sz >= intent.notional_usd
    if intent.depth_bps > 0:
        assert (ticket.px < mid) == intent.is_buy
    assert (ticket.is_buy, ticket.tif) == (intent.is_buy, intent.tif)


def test_mid_lies_between_bid_and_ask(wire):
    bid, ask = market(wire).bbo

    assert bid < market(wire).mid == (bid + ask) / 2 < ask


def test_every_price_is_read_anew_by_the_harness_in_fixed_json():
    book = Reply(
        200,
        JSON,
        '{"coin":"ETH","time":1,"levels":[[{"px":"10.0","sz":"1.0","n":1}],[{"px":"12.0","sz":"1.0","n":1}]]}',
    )
    wire, target = door(book, book)

    assert [market(wire).mid, market(wire).mid] == [11, 11]
    assert [one.body for one in target.asked] == ['{"type":"l2Book","coin":"ETH"}'] * 2
    assert {entry.asked_by for entry in wire.episode.journal} == {"harness"}


@pytest.mark.parametrize(
    "levels", ["[[],[]]", '[[],[{"px":"1.0","sz":"1.0","n":1}]]', '[[{"px":"1.0","sz":"1.0","n":1}],[]]']
)
def test_book_with_an_empty_side_has_no_mid(levels):
    wire, _ = door(Reply(200, JSON, f'{{"coin":"ETH","time":1,"levels":{levels}}}'))

    with pytest.raises(TargetUnavailable, match="The book of ETH has an empty side"):
        _ = market(wire).mid


def test_coin_without_a_book_has_no_mid():
    wire, _ = door(Reply(200, JSON, "null", unproven=True))

    with pytest.raises(TargetUnavailable):
        _ = market(wire).mid


@pytest.mark.parametrize("fact", ["asset", "sz_decimals", "max_leverage"])
def test_unknown_coin_is_told(wire, fact):
    with pytest.raises(PrecisionError, match="no perpetual called eth"):
        getattr(market(wire, "eth"), fact)


def test_facts_are_those_of_the_metadata(wire):
    eth = market(wire)
    row = localnet_universe().meta["universe"][eth.asset]

    assert row["name"] == "ETH"
    assert (eth.sz_decimals, eth.max_leverage) == (row["szDecimals"], row["maxLeverage"])


def test_price_and_size_are_taken_as_they_are(wire):
    ticket = market(wire).bid(px="3101.123456", sz="0.00001")

    assert (ticket.px, ticket.sz) == (Decimal("3101.123456"), Decimal("0.00001"))


@pytest.mark.parametrize(("side", "is_buy"), [("bid", True), ("ask", False)])
def test_depth_is_passive_on_both_sides(wire, side, is_buy):
    of_coin = market(wire)
    ticket = getattr(of_coin, side)(
        depth_bps=1_000, notional_usd=12, tif="Alo", reduce_only=True, cloid="0x1"
    )

    assert abs(ticket.px / of_coin.mid - 1 - (Decimal("-0.1") if is_buy else Decimal("0.1"))) < Decimal(
        "0.001"
    )
    assert (ticket.is_buy, ticket["reduce_only"], ticket["cloid"], ticket.tif) == (is_buy, True, "0x1", "Alo")


def test_intent_and_side_give_the_same_ticket(wire):
    intent = OrderIntent(True, 700, Decimal(13), "Alo", True)

    by_intent = market(wire).ticket(intent, cloid="0x1")
    by_side = market(wire).bid(depth_bps=700, notional_usd=13, tif="Alo", reduce_only=True, cloid="0x1")

    assert dict(by_intent) == dict(by_side)


@pytest.mark.parametrize(
    "wants",
    [
        {},
        {"depth_bps": 1},
        {"sz": "1"},
        {"depth_bps": 1, "px": "1", "sz": "1"},
        {"px": "1", "sz": "1", "notional_usd": 5},
    ],
)
def test_one_price_and_one_size_are_needed(wire, wants):
    with pytest.raises(PrecisionError, match="one price and one size"):
        market(wire).bid(**wants)


@pytest.mark.parametrize(
    "wants",
    [
        {"depth_bps": 10_000, "notional_usd": 12},
        {"px": "0", "notional_usd": 12},
        {"px": "-1", "notional_usd": 12},
    ],
)
def test_price_of_nothing_buys_no_sum(wire, wants):
    with pytest.raises(PrecisionError):
        market(wire).bid(**wants)


def test_question_is_the_fixed_json():
    wire, target = door()
    wire.ask(json.dumps({"type": "l2Book", "coin": "ETH"}))

    assert target.asked[0].headers == (("content-type", JSON),)
