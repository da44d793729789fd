"""Money for the liquidators of builders' dexes: where it lies, who may take how much of it out."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.localnet import Localnet
from harness.localnet.control import saves
from harness.localnet.transfers.money import liquidator_address
from tests.localnet.desk import Desk
from tests.localnet.trading.test_spot import total
from tests.localnet.transfers.test_money import OK, err, rows, usd_send

LIQUIDATOR = "0x4000000000000000000000000000000000000001"


def move(thousands: int, *, is_deposit: bool = True) -> dict[str, Any]:
    ntl = thousands * 10**9
    return {"type": "hip3LiquidatorTransfer", "dex": "test", "ntl": ntl, "isDeposit": is_deposit}


def test_a_liquidator_has_an_address() -> None:
    assert liquidator_address(1) == LIQUIDATOR
    assert liquidator_address(16)[-2:] == "10"


def test_money_lies_with_the_liquidator(net: Localnet, desk: Desk) -> None:
    before, spot = net.total_token("USDC"), total(desk, "USDC")
    assert desk.act(move(3)) == OK
    assert total(desk, "USDC") == spot - 3_000
    state = desk.info("clearinghouseState", user=LIQUIDATOR, dex="test")
    assert state["marginSummary"]["accountValue"] == "3000.0"
    assert desk.info("perpDexStatus", dex="test") == {"totalNetDeposit": "3000.0"}
    assert rows(desk)[-1]["delta"] == {
        "type": "hip3LiquidatorDeposit",
        "dex": "test",
        "token": "USDC",
        "amount": "3000.0",
    }
    assert net.total_token("USDC") == before


def test_only_what_was_paid_in_comes_back(net: Localnet, desk: Desk, other: Desk) -> None:
    desk.act(move(2))
    other.act(move(3))
    assert err(desk.act(move(3, is_deposit=False))) == "Insufficient balance for withdrawal."
    assert desk.act(move(2, is_deposit=False)) == OK
    assert total(desk, "USDC") == 10_000
    assert err(desk.act(move(1, is_deposit=False))) == "Insufficient balance for withdrawal."


def test_too_much_is_refused(desk: Desk) -> None:
    assert err(desk.act(move(11))) == "Insufficient funds available to deposit."


@pytest.mark.parametrize("changed", [{"ntl": 10**9 + 1}, {"ntl": 0}, {"dex": ""}, {"dex": "nope"}])
def test_odd_amounts_and_dexes_are_not_guessed(desk: Desk, changed: dict[str, Any]) -> None:
    assert desk.send(desk.envelope(move(1) | changed)).not_implemented


def test_a_liquidator_is_not_sent_to(desk: Desk) -> None:
    with pytest.raises(AssertionError):
        usd_send(desk, LIQUIDATOR, "1")


def test_what_was_paid_in_is_saved(tmp_path: Path) -> None:
    net = Localnet(keep_log=True)
    Desk(net).act(move(1))
    saves.dump(net, tmp_path / "state")
    assert saves.load(tmp_path / "state").exchange.backstops == net.exchange.backstops != {}


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 6)), max_size=8))
def test_money_is_conserved(steps: list[tuple[bool, int]]) -> None:
    net = Localnet()
    desk, before = Desk(net), net.total_token("USDC")
    paid_in = 0
    for is_deposit, thousands in steps:
        answer = desk.act(move(thousands, is_deposit=is_deposit))
        fits = thousands <= (10 - paid_in if is_deposit else paid_in)
        assert (answer == OK) is fits
        paid_in += (thousands if is_deposit else -thousands) if fits else 0
        assert total(desk, "USDC") == Decimal(10_000 - 1_000 * paid_in)
    assert net.total_token("USDC") == before
