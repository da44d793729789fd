"""What a localnet is told of the world outside it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.localnet import Localnet, LocalnetError
from harness.localnet.control import saves
from harness.localnet.control.commands import carry_out
from harness.localnet.markets.outcomes import Template
from tests.localnet.desk import Desk

STRANGER = "0x" + "42" * 20


def venues(desk: Desk, coin: str) -> dict[str, Any]:
    return dict(dict(desk.info("predictedFundings"))[coin])


def test_an_order_fails_by_an_error_of_the_exchange(desk: Desk) -> None:
    oid = desk.rest()
    carry_out(desk.net, "failOrder", {"address": desk.address, "oid": oid})
    assert desk.status_of(oid) == "internalCancel"
    assert desk.open_oids() == []


def test_other_venues_have_rates(desk: Desk) -> None:
    assert list(venues(desk, "ETH")) == ["HlPerp"]
    rate = {"coin": "ETH", "venue": "BinPerp", "rate": "-0.0001", "nextMs": 5, "hours": 8}
    carry_out(desk.net, "setVenueFunding", rate)
    carry_out(desk.net, "setVenueFunding", {"coin": "ETH", "venue": "BybitPerp", "rate": "0.0001"})
    carry_out(desk.net, "setVenueFunding", {"coin": "ETH", "venue": "OkxPerp", "rate": None})
    told = venues(desk, "ETH")
    assert told["BinPerp"] == {"fundingRate": "-0.0001", "nextFundingTime": 5, "fundingIntervalHours": 8}
    assert told["BybitPerp"] == {"fundingRate": "0.0001", "nextFundingTime": 0}
    assert told["OkxPerp"] is None
    assert list(venues(desk, "BTC")) == ["HlPerp"]


@pytest.mark.parametrize(
    ("name", "fields", "text"),
    [
        ("capOpenInterest", {"coin": "NONE", "usd": 1}, "no market"),
        ("capOpenInterest", {"coin": "PURR/USDC", "usd": 1}, "no perpetual of the first dex"),
        ("capOpenInterest", {"coin": "ETH", "usd": "1e5000"}, "too large"),
        ("slowOpenInterest", {"coin": "PURR/USDC"}, "no perpetual of the first dex"),
        ("limitOpenOrders", {"most": 0}, "0 open orders"),
        ("failOrder", {"address": STRANGER, "oid": 5}, "no open order 5"),
        ("setVenueFunding", {"coin": "ETH", "venue": "HlPerp", "rate": 0}, "the exchange itself"),
    ],
)
def test_what_cannot_be_is_refused(net: Localnet, name: str, fields: dict[str, Any], text: str) -> None:
    with pytest.raises(LocalnetError, match=text):
        carry_out(net, name, fields)


def test_what_is_told_is_part_of_a_snapshot(desk: Desk) -> None:
    kept = desk.net.snapshot()
    desk.net.limit_open_orders(1)
    desk.net.cap_open_interest("ETH", Decimal(1))
    desk.net.revert(kept)
    assert desk.info("perpsAtOpenInterestCap") == []
    assert all("resting" in desk.place(p="2000") for _ in range(2))


def test_what_is_told_is_saved_and_loaded(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    oid = Desk(net).rest()
    net.fail_order(Desk(net).address, oid)
    net.cap_open_interest("ETH", Decimal(5))
    net.cap_open_interest("BTC", None)
    net.slow_open_interest("ETH")
    net.limit_open_orders(7)
    net.set_venue_funding("ETH", "BinPerp", Decimal("-0.0001"), next_ms=3, hours=8)
    net.require_outcome_stake(Decimal(5))
    net.register_template(Template("t", "{a}", "of {a}", (("a", "string"),), side_names=("Yes", "No")))
    net.list_from_template("t", {"a": "b"}, venue="out")
    saves.dump(net, tmp_path / "state")

    loaded = saves.load(tmp_path / "state")

    assert loaded.exchange.told == net.exchange.told
    assert loaded.exchange.outcomes.templates == net.exchange.outcomes.templates
    assert Desk(loaded).info("outcomeMeta") == Desk(net).info("outcomeMeta")
