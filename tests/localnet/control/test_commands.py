"""The commands, as JSON values."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import Localnet, LocalnetError
from harness.localnet.control.commands import COMMANDS, carry_out
from tests.localnet.desk import Desk

STRANGER = "0x" + "42" * 20


def test_accounts_are_funded(net: Localnet) -> None:
    carry_out(net, "fund", {"address": STRANGER, "usd": "12.5"})
    carry_out(net, "fundToken", {"address": STRANGER, "token": "PURR", "amount": 3})
    held = Desk(net).info("clearinghouseState", user=STRANGER)
    assert held["withdrawable"] == "12.5"
    rows = Desk(net).info("spotClearinghouseState", user=STRANGER)["balances"]
    assert [(row["coin"], row["total"]) for row in rows if float(row["total"])] == [("PURR", "3.0")]


def test_prices_are_set_and_moved(net: Localnet) -> None:
    assert carry_out(net, "setMid", {"coin": "ETH", "px": "3000"}) == {"mid": "3000"}
    assert float(carry_out(net, "move", {"coin": "ETH", "bps": -100})["mid"]) == pytest.approx(2970, abs=0.2)
    carry_out(net, "setLiquidity", {"coin": "ETH", "bids": [["2900", "1"]], "asks": [[3100, 2]]})
    assert net.mid("ETH") == 3_000


def test_small_prices_are_told_without_an_exponent(net: Localnet) -> None:
    assert carry_out(net, "setMid", {"coin": "PURR/USDC", "px": "1e-7"}) == {"mid": "0.0000001"}
    assert carry_out(net, "status", {})["mids"]["PURR/USDC"] == "0.0000001"


def test_time_moves_and_stands(net: Localnet) -> None:
    before = net.now_ms()
    assert carry_out(net, "advance", {"ms": 60_000}) == {"nowMs": before + 60_000}
    carry_out(net, "pause", {})
    assert carry_out(net, "status", {})["isPaused"]
    carry_out(net, "resume", {})
    snapshot = carry_out(net, "snapshot", {})
    net.advance(1)
    assert carry_out(net, "revert", snapshot) == {"nowMs": before + 60_000}


def test_money_that_leaves_the_perpetuals_is_counted_on_spot(net: Localnet) -> None:
    def totals() -> tuple[Decimal, Decimal]:
        shown = carry_out(net, "status", {})
        return Decimal(shown["totalUsd"]), Decimal(shown["totalSpotUsdc"])

    on_perps, on_spot = totals()
    Desk(net).user_act({"type": "usdClassTransfer", "amount": "100", "toPerp": False})
    assert totals() == (on_perps - 100, on_spot + 100)


def test_faults_are_set_and_counted(net: Localnet) -> None:
    carry_out(net, "setFaults", {"rules": [{"fault": "serverError"}]})
    net.deliver("/info", "application/json", b'{"type":"meta"}')
    assert carry_out(net, "status", {})["faults"] == {"serverError": 1}
    carry_out(net, "setFaults", {"rules": []})
    assert carry_out(net, "status", {})["faults"] == {}


def test_status_changes_nothing(net: Localnet) -> None:
    Desk(net).rest()
    first = carry_out(net, "status", {})
    assert first == carry_out(net, "status", {})
    assert (first["openOrders"], first["accounts"], first["market"]) == (1, 10, "static")


@pytest.mark.parametrize(
    ("name", "fields", "text"),
    [
        ("nope", {}, "knows no command 'nope'"),
        ("fund", {}, "missing required field `address`"),
        ("fund", [], "Expected `object`"),
        ("fund", {"address": STRANGER, "usd": 1, "eur": 2}, "unknown field `eur`"),
        ("fund", {"address": STRANGER, "usd": "much"}, "fund was not understood"),
        ("fund", {"address": STRANGER, "usd": "-1"}, "usd is -1"),
        ("fund", {"address": STRANGER, "usd": "NaN"}, "NaN"),
        ("fund", {"address": "0x1", "usd": 1}, "no address"),
        ("fund", {"address": STRANGER, "usd": "1e5000"}, "too large"),
        ("fundToken", {"address": STRANGER, "token": "PURR", "amount": "1e999999999"}, "too large"),
        ("fundToken", {"address": STRANGER, "token": "PURR", "amount": -1}, "amount is -1"),
        ("fundToken", {"address": STRANGER, "token": "NONE", "amount": 1}, "no token"),
        ("setMid", {"coin": "NONE", "px": 1}, "no market"),
        ("setMid", {"coin": "ETH", "px": 0}, "no price"),
        ("setMid", {"coin": "ETH", "px": "1e5000"}, "too large"),
        ("setMark", {"coin": "ETH", "px": "1e20"}, "too large"),
        ("setLiquidity", {"coin": "ETH", "bids": [["1e5000", 1]]}, "too large"),
        ("openAuction", {"of": "spot", "gas": "1e5000"}, "too large"),
        ("move", {"coin": "ETH", "bps": "1e5000"}, "too large"),
        ("move", {"coin": "ETH", "bps": "1e999999999"}, "too large"),
        ("move", {"coin": "ETH", "bps": "NaN"}, "NaN bps"),
        ("move", {"coin": "ETH", "bps": -10_000}, "no price"),
        ("setLiquidity", {"coin": "ETH", "bids": [["3000.123", 1]]}, "not legal"),
        ("setLiquidity", {"coin": "ETH", "bids": [[3000, 1], [2900, 1]], "asks": [[3000, 1]]}, "cross"),
        ("setLiquidity", {"coin": "ETH", "bids": [["3000"]]}, "not understood"),
        ("advance", {"ms": -1}, "time only moves forward"),
        ("advance", {"ms": 10**18}, "time only moves forward"),
        ("revert", {"id": 3}, "no snapshot 3"),
        ("setFaults", {"rules": [{"fault": "x"}]}, "no fault script"),
    ],
)
def test_what_cannot_be_done_changes_nothing(net: Localnet, name: str, fields: Any, text: str) -> None:
    before = carry_out(net, "status", {})
    with pytest.raises(LocalnetError, match=text):
        carry_out(net, name, fields)
    assert carry_out(net, "status", {}) == before


def test_every_command_says_what_it_is_for() -> None:
    assert all(form.__doc__ and form.__doc__.endswith(".") for form in COMMANDS.values())
