"""`borrowLend`: supplying USDC by hand, and taking it out."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest

from harness.localnet import Localnet
from harness.localnet.control import saves
from tests.localnet.desk import Desk
from tests.localnet.lending.bank import (
    HYPE,
    OK,
    in_debt,
    leg,
    lend,
    lending,
    margin,
    price,
    reserve,
    row,
)


def not_covered(desk: Desk, operation: str, amount: str | None, token: int = 0) -> bool:
    """Say whether the answer is not known."""
    action = {"type": "borrowLend", "operation": operation, "token": token, "amount": amount}
    return desk.send(desk.envelope(action)).not_implemented


def test_supply_and_withdraw(net: Localnet, desk: Desk) -> None:
    """As NK's test: 30, and null for all of it; the ledger tells both."""
    before = net.total_token("USDC")
    assert lend(desk, "supply", "30") == OK
    assert row(desk, "USDC")["total"] == "9970.0"
    assert leg(desk, "supply") == (30, 30)
    assert reserve(desk)["balance"] == reserve(desk)["totalSupplied"] == 30
    assert lend(desk, "withdraw", None) == OK
    assert row(desk, "USDC")["total"] == "10000.0"
    assert leg(desk, "supply") == (0, 0)
    rows = [each["delta"] for each in desk.info("userNonFundingLedgerUpdates", startTime=0)]
    given = {"type": "borrowLend", "token": "USDC", "amount": "30.0", "interestAmount": "0.0"}
    assert rows == [given | {"operation": "supply"}, given | {"operation": "withdraw"}]
    assert net.total_token("USDC") == before


def test_null_supplies_what_is_free(desk: Desk) -> None:
    """What an order holds is not."""
    assert lend(desk, "supply", None) == OK
    assert row(desk, "USDC")["total"] == "0.0"


@pytest.mark.parametrize(
    ("operation", "amount", "token"),
    [
        ("supply", "10000.00000001", 0),
        ("supply", "0", 0),
        ("supply", "-1", 0),
        ("supply", "0.000000001", 0),
        ("supply", "1e3", 0),
        ("supply", "1", HYPE),
        ("supply", "1", 999_999),
        ("withdraw", "1", 0),
        ("withdraw", None, 0),
        ("borrow", "1", 0),
        ("repay", None, 0),
    ],
)
def test_what_no_source_answers(desk: Desk, operation: str, amount: str | None, token: int) -> None:
    """No text of a refusal is known, and nothing happens."""
    assert not_covered(desk, operation, amount, token)
    assert lending(desk)["tokenToState"] == []


def test_portfolio_margin_lends_by_itself(desk: Desk) -> None:
    """What it is answered by hand is not known."""
    margin(desk)
    assert not_covered(desk, "supply", "1")
    assert not_covered(desk, "borrow", "1")


def test_withdrawal_takes_its_interest(net: Localnet, desk: Desk, other: Desk) -> None:
    """What was earned since the last hour is paid with it."""
    margin(desk)
    in_debt(net, desk, other, 1_800)
    net.advance(1_800_000)
    assert lend(other, "withdraw", "100") == OK
    delta = other.info("userNonFundingLedgerUpdates", startTime=0)[-1]["delta"]
    earned = Decimal(delta["interestAmount"])
    assert Decimal("0.0046") < earned < Decimal("0.0047")
    assert leg(other, "supply")[1] == 8_900 + earned
    (interest,) = other.info("userBorrowLendInterest", startTime=0)
    assert interest["supply"] == delta["interestAmount"]


def test_sub_account_lends(net: Localnet, desk: Desk) -> None:
    """NK sends it with a vault address."""
    sub = desk.act({"type": "createSubAccount", "name": "one"})["response"]["data"]
    give = {"type": "subAccountSpotTransfer", "subAccountUser": sub, "isDeposit": True}
    coin = "USDC:0xeb62eee3685fc4c43992febcd9e75443"
    assert desk.act(give | {"token": coin, "amount": "50"}) == OK
    action = {"type": "borrowLend", "operation": "supply", "token": 0, "amount": "20"}
    assert desk.act(action, vault=sub) == OK
    assert lending(desk, sub)["tokenToState"][0][1]["supply"]["value"] == "20.0"


def test_saved_copied_and_reverted(net: Localnet, tmp_path: Path) -> None:
    """Lending is part of the state, in memory and in a file."""
    net = Localnet(keep_log=True)
    desk, other = Desk(net), Desk(net, "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")
    margin(desk)
    in_debt(net, desk, other, 1_700)
    net.advance(5_000_000)
    seal = saves.seal(net.exchange)
    assert saves.seal(deepcopy(net.exchange)) == seal
    kept = net.snapshot()
    price(net, "19")
    net.advance(10_000)
    assert saves.seal(net.exchange) != seal
    net.revert(kept)
    assert saves.seal(net.exchange) == seal
    saves.dump(net, tmp_path / "state")
    loaded = saves.load(tmp_path / "state")
    assert loaded.exchange.lending == net.exchange.lending
