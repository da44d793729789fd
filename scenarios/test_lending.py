"""USDC that is lent: what it earns, where it is told, and what a reserve shows.

Covers: POST /exchange (borrowLend), POST /info (allBorrowLendReserveStates, borrowLendReserveState,
borrowLendUserState, userBorrowLendInterest, userNonFundingLedgerUpdates, spotClearinghouseState), websocket
userNonFundingLedgerUpdates.
"""

from decimal import Decimal

import pytest

from harness.shapes import (
    AllReserveStates,
    BorrowLendUserState,
    DefaultResponse,
    ReserveState,
    SpotClearinghouseState,
    UserBorrowLendInterest,
    UserNonFundingLedgerUpdates,
)

pytestmark = [
    pytest.mark.ws,
    pytest.mark.spends,
    pytest.mark.targets("replay", "localnet", reason="what a reserve earns is everybody's doing on testnet"),
]

USDC, HYPE = 0, 1105
IOC = {"limit": {"tif": "Ioc"}}


def ask(trader, kind, **rest):
    """Read what the SDK has no method for."""
    return trader.info.post("/info", {"type": kind, **rest})


def lend(trader, operation, amount):
    """Supply USDC or withdraw it; null for all."""
    action = {"type": "borrowLend", "operation": operation, "token": USDC, "amount": amount}
    assert DefaultResponse.parse(trader.post_l1_action(action)).ok


def supply(trader):
    """Return what was supplied of USDC, and what it has grown to."""
    state = BorrowLendUserState.parse(ask(trader, "borrowLendUserState", user=trader.address))
    leg = dict(state.tokenToState)[USDC].supply
    return leg.basis, leg.value


def spot_usdc(trader):
    """Return the spot balance of USDC."""
    return SpotClearinghouseState.parse(trader.info.spot_user_state(trader.address)).balance("USDC").total


def test_supply_leaves_the_balance_and_comes_back(trader, venue):
    """By an amount, and by null for all of it; query and feed of the ledger tell both."""
    before = spot_usdc(trader)
    with trader.subscribed({"type": "userNonFundingLedgerUpdates", "user": trader.address}) as frames:
        lend(trader, "supply", "30")
        assert (spot_usdc(trader), supply(trader)) == (before - 30, (30, 30))
        state = BorrowLendUserState.parse(ask(trader, "borrowLendUserState", user=trader.address))
        assert (state.health, state.healthFactor) == ("healthy", None)
        lend(trader, "withdraw", None)
        venue.until(lambda: sum(len(frame["data"]["nonFundingLedgerUpdates"]) for frame in frames[1:]) == 2)

    assert (spot_usdc(trader), supply(trader)) == (before, (0, 0))
    told = [row["delta"] for frame in frames[1:] for row in frame["data"]["nonFundingLedgerUpdates"]]
    rows = UserNonFundingLedgerUpdates.parse(trader.info.user_non_funding_ledger_updates(trader.address, 0))
    operations = [row.delta.operation for row in rows.of("borrowLend")]
    assert operations == [delta["operation"] for delta in told] == ["supply", "withdraw"]


def test_reserves_are_told_one_by_one_and_together(trader):
    """What can be borrowed, and what secures it."""
    lend(trader, "supply", "40")

    every = dict(AllReserveStates.parse(ask(trader, "allBorrowLendReserveStates")))

    one = ReserveState.parse(ask(trader, "borrowLendReserveState", token=USDC))
    assert every[USDC] == one
    assert (one.balance, one.total_supplied, one.total_borrowed) == (40, 40, 0)
    assert (every[USDC].ltv, every[HYPE].ltv) == ("0.0", "0.65")
    assert every[HYPE].oracle_px > 0
    lend(trader, "withdraw", "40")


def test_supplier_earns_what_a_borrower_pays(trader, counterparty, localnet):
    """Hour by hour, less the tenth that the protocol keeps."""
    lend(counterparty, "supply", "5000")
    assert DefaultResponse.parse(trader.exchange.user_set_abstraction(trader.address, "portfolioMargin")).ok
    localnet.set_liquidity("PURR/USDC", asks=[("0.1", "1000000")])
    trader.exchange.order("PURR/USDC", True, 210_000, 0.1, IOC)

    localnet.advance(2 * 3_600)

    earned, paid = (
        list(UserBorrowLendInterest.parse(ask(who, "userBorrowLendInterest", user=who.address, startTime=0)))
        for who in (counterparty, trader)
    )
    assert [row.token for row in earned] == [row.token for row in paid] == ["USDC", "USDC"]
    assert [row.time for row in earned] == [row.time for row in paid]
    assert abs(earned[1].supply - paid[1].borrow * 9 / 10) < Decimal("1e-7")
    basis, value = supply(counterparty)
    assert (basis, value) == (5_000, 5_000 + sum(row.supply for row in earned))
    state = ReserveState.parse(ask(trader, "borrowLendReserveState", token=USDC))
    assert state.total_borrowed == 1_000 + sum(row.borrow for row in paid)
    assert (state.borrowYearlyRate, state.supplyYearlyRate[:6]) == ("0.05", "0.0090")
    assert Decimal("0.2") < Decimal(state.utilization) < Decimal("0.20001")
