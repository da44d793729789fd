"""What the queries of lending show; their figures are tested with what makes them."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from harness.localnet import Localnet
from tests.localnet.desk import Desk
from tests.localnet.lending.bank import HYPE, OK, lend, lending, margin

_RECORDED = (
    Path(__file__).parents[4]
    / "shared"
    / "wire"
    / "responses"
    / "info_subAccounts2__jkorf_portfolio_margin.json"
)


def test_reserves_begin_empty(desk: Desk) -> None:
    """Both of them, with the rate of nothing lent."""
    states = dict(desk.info("allBorrowLendReserveStates"))
    assert list(states) == [0, HYPE]
    assert states[0] == {
        "borrowYearlyRate": "0.05",
        "supplyYearlyRate": "0.0",
        "balance": "0.0",
        "utilization": "0.0",
        "oraclePx": "1.0",
        "ltv": "0.0",
        "totalSupplied": "0.0",
        "totalBorrowed": "0.0",
    }
    assert (states[HYPE]["ltv"], states[HYPE]["oraclePx"]) == ("0.65", "28.73")
    assert desk.info("borrowLendReserveState", token=HYPE) == states[HYPE]


def test_reserve_of_another_token(desk: Desk) -> None:
    """Is not known; of no token it is none."""
    for token in (1, 999_999):
        answer = desk.send({"type": "borrowLendReserveState", "token": token}, "/info")
        assert answer.not_implemented
    assert not desk.send({"type": "borrowLendReserveState"}, "/info").not_implemented


def test_account_that_supplies_has_a_row_of_each_token(desk: Desk) -> None:
    """As in the documented sample."""
    assert lending(desk) == {"tokenToState": [], "health": "healthy", "healthFactor": None}
    assert lend(desk, "supply", "44.69295862") == OK
    nothing = {"basis": "0.0", "value": "0.0"}
    supply = {"basis": "44.69295862", "value": "44.69295862"}
    assert lending(desk) == {
        "tokenToState": [
            [0, {"borrow": nothing, "supply": supply}],
            [HYPE, {"borrow": nothing, "supply": nothing}],
        ],
        "health": "healthy",
        "healthFactor": None,
    }


def test_keys_with_portfolio_margin(net: Localnet, desk: Desk) -> None:
    """Those and their order are recorded."""
    margin(desk)
    state = desk.info("spotClearinghouseState")
    assert list(state) == [
        "portfolioMarginEnabled",
        "balances",
        "portfolioMarginRatio",
        "tokenToPortfolioBorrowRatio",
        "tokenToPortfolioSupplyRatio",
        "tokenToAvailableAfterMaintenance",
    ]
    usdc, purr = state["balances"][0], state["balances"][1]
    assert list(usdc) == ["coin", "token", "total", "hold", "entryNtl", "ltv", "supplied"]
    assert list(purr) == ["coin", "token", "total", "hold", "entryNtl"]
    assert (state["portfolioMarginRatio"], state["tokenToPortfolioBorrowRatio"]) == ("0.0", [[0, "0.0"]])
    assert desk.info("userAbstraction") == "portfolioMargin"


def test_questions_change_nothing(net: Localnet, fresh: Desk) -> None:
    """An account without tokens has no row of them after it was asked about."""
    margin(fresh)
    ledger = net.exchange.ledgers[fresh.address]
    before = deepcopy((ledger.tokens, net.exchange.lending))
    assert list(ledger.tokens) == [0]
    for kind in ("spotClearinghouseState", "borrowLendUserState", "allBorrowLendReserveStates"):
        fresh.info(kind)
    assert (ledger.tokens, net.exchange.lending) == before


@pytest.mark.skipif(not _RECORDED.exists(), reason="the wire facts are not beside this repository")
def test_keys_are_those_of_the_recording(net: Localnet, desk: Desk) -> None:
    """Of the state, of a row that is lent and of one of nothing; the values have the same types."""
    (recorded,) = json.loads(_RECORDED.read_text())["response"]
    theirs = recorded["spotState"]
    net.exchange.ledgers[desk.address].tokens_of(HYPE).total = 0
    margin(desk)
    ours = desk.info("spotClearinghouseState")
    assert list(ours) == list(theirs)
    (usdc, hype) = (next(row for row in ours["balances"] if row["coin"] == coin) for coin in ("USDC", "HYPE"))
    for mine, recorded_row in ((usdc, theirs["balances"][0]), (hype, theirs["balances"][1])):
        assert list(mine) == list(recorded_row)
        assert [type(value) for value in mine.values()] == [type(value) for value in recorded_row.values()]
    assert ours["tokenToPortfolioBorrowRatio"] == theirs["tokenToPortfolioBorrowRatio"]
    assert [row[0] for row in ours["tokenToAvailableAfterMaintenance"]] == [0, HYPE]
