"""Actions that nobody here can carry out: what they are refused with, and what is not covered."""

from decimal import Decimal
from typing import Any

import pytest

from harness.localnet import ACCOUNTS, Localnet
from tests.localnet.desk import Desk
from tests.localnet.trading.test_spot import with_only

NOBODY = "0x" + "0" * 39 + "1"
OTHER = ACCOUNTS[1].address.lower()


def deposit(ntl: int, *, is_deposit: bool = True, dex: str = "test") -> dict[str, Any]:
    """Return the action that moves money to a dex's liquidator, or from it."""
    return {"type": "hip3LiquidatorTransfer", "dex": dex, "ntl": ntl, "isDeposit": is_deposit}


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ({"type": "activateOutcomeDeployer", "isDeactivate": False}, "Insufficient stake"),
        (
            {"type": "activateOutcomeDeployer", "isDeactivate": True},
            "Error deploying outcome: not an outcome deployer",
        ),
        ({"type": "authorizeAqav2Role", "token": 0, "role": "technical"}, "Insufficient stake"),
        (deposit(10**15), "Insufficient funds available to deposit."),
        (deposit(10**9, is_deposit=False), "Insufficient balance for withdrawal."),
        ({"type": "userOutcome", "splitOutcome": {"outcome": 0, "amount": "1"}}, "Invalid outcome"),
        ({"type": "userOutcome", "mergeOutcome": {"outcome": 0, "amount": None}}, "Invalid outcome"),
        ({"type": "userOutcome", "mergeQuestion": {"question": 0, "amount": None}}, "Invalid question"),
        (
            {"type": "userOutcome", "negateOutcome": {"question": 0, "outcome": 0, "amount": "1"}},
            "Invalid question",
        ),
    ],
)
def test_refused_as_on_testnet(desk: Desk, action: dict[str, Any], text: str) -> None:
    """Source: NK's tests of the same names."""
    assert desk.act(action) == {"status": "err", "response": text}


@pytest.mark.parametrize(
    "action",
    [
        {"type": "linkStakingUser", "user": NOBODY, "isFinalize": False},
        {"type": "linkStakingUser", "user": OTHER, "isFinalize": True},
        {"type": "stakingLinkDisableTradingUser", "tradingUser": OTHER},
    ],
)
def test_stakes_are_not_linked(desk: Desk, action: dict[str, Any]) -> None:
    assert desk.user_act(action) == {"status": "err", "response": "Staking link error"}


@pytest.mark.parametrize(
    "action",
    [
        {"type": "borrowLend", "operation": "borrow", "token": 0, "amount": "1"},
        deposit(1, is_deposit=False),
        deposit(10**9, dex="nodex", is_deposit=False),
        {"type": "topUpIsolatedOnlyMargin", "asset": 4, "leverage": "0.5"},
        {"type": "topUpIsolatedOnlyMargin", "asset": 135, "leverage": "0.5"},
    ],
)
def test_not_covered(desk: Desk, action: dict[str, Any]) -> None:
    assert desk.send(desk.envelope(action)).not_implemented


def test_stakes_that_might_do_are_not_judged(desk: Desk, net: Localnet) -> None:
    net.fund_token(desk.address, "HYPE", Decimal(10))
    assert desk.user_act({"type": "cDeposit", "wei": 10**8})["status"] == "ok"
    assert desk.send(
        desk.envelope({"type": "activateOutcomeDeployer", "isDeactivate": False})
    ).not_implemented


def test_dust_stays_where_that_is_wanted(net: Localnet) -> None:
    """Converted at the next minute once it is not wanted any more."""

    desk = with_only(net, "PURR", "0.5", who=5)

    def purr() -> list[str]:
        rows = desk.info("spotClearinghouseState")["balances"]
        return [row["total"] for row in rows if row["coin"] == "PURR"]

    def opt(*, out: bool) -> Any:
        return desk.act({"type": "spotUser", "toggleSpotDusting": {"optOut": out}})["status"]

    assert opt(out=True) == "ok"
    total = net.total_token("PURR")
    net.advance(180_000)
    assert purr() == ["0.5"]
    assert opt(out=False) == "ok"
    net.advance(60_000)
    assert purr() == []
    assert net.total_token("PURR") == total
