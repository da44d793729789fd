"""`borrowLendReserveState`, `borrowLendUserState` and their like: what is lent, at which rates, to whom.

Source: API docs, "Info endpoint", with a sample of each; NK for `userBorrowLendInterest`.
"""

from typing import TYPE_CHECKING, Final

import msgspec

from harness.localnet.answers import NotCovered
from harness.localnet.markets.reserves import Leg, Reserve, rounded
from harness.localnet.numbers import wire
from harness.localnet.parsing import U32, U64
from harness.localnet.queries.registry import OfUser, Query, ledger_of, query
from harness.localnet.trading import credit

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

# Clients read rows page by page: as of the ledger's updates (wire rule 108), UNVERIFIED.
_ROWS: Final = 500


def _state(exchange: "Exchange", reserve: Reserve) -> dict[str, object]:
    token = reserve.terms.token
    return {
        "borrowYearlyRate": wire(reserve.borrow_rate, 10),
        "supplyYearlyRate": wire(reserve.supply_rate, 10),
        "balance": wire(reserve.balance, token.wei_decimals),
        "utilization": wire(reserve.utilization, 10),
        "oraclePx": wire(credit.oracle_px(exchange, token)),
        "ltv": wire(reserve.terms.ltv_percent, 2),
        "totalSupplied": wire(reserve.supplied, token.wei_decimals),
        "totalBorrowed": wire(reserve.borrowed, token.wei_decimals),
    }


@query("allBorrowLendReserveStates", Query)
def all_borrow_lend_reserve_states(exchange: "Exchange", asked: Query) -> list[object]:
    """Return all reserves, by token."""
    return [[index, _state(exchange, reserve)] for index, reserve in exchange.lending.reserves.items()]


class BorrowLendReserveState(Query):
    """A token by its number."""

    token: U32 = msgspec.field()


@query("borrowLendReserveState", BorrowLendReserveState)
def borrow_lend_reserve_state(exchange: "Exchange", asked: BorrowLendReserveState) -> dict[str, object]:
    """Return one reserve.

    Raises:
        NotCovered: the answer of a token without one is not known.
    """
    reserve = exchange.lending.reserves.get(asked.token)
    if reserve is None:
        raise NotCovered("the reserve of a token that is not lent")
    return _state(exchange, reserve)


@query("borrowLendUserState", OfUser)
def borrow_lend_user_state(exchange: "Exchange", asked: OfUser) -> dict[str, object]:
    """Return what an account has supplied and owes, and how its loan stands.

    The documented sample has a row of a token of which the account has nothing; that an account without
    anything has no rows is UNVERIFIED, and so is that the factor is rounded to ten decimals, as rates are.
    """
    ledger = ledger_of(exchange, asked.user)
    positions = exchange.lending.positions_of(ledger.address)
    rows: list[object] = []
    for index, reserve in exchange.lending.reserves.items() if positions else ():
        position, decimals = positions.get(index), reserve.terms.token.wei_decimals
        borrow, supply = (Leg(), Leg()) if position is None else (position.borrow, position.supply)
        rows.append([index, {"borrow": _leg(borrow, decimals), "supply": _leg(supply, decimals)}])
    if not ledger.has_portfolio_margin:
        return {"tokenToState": rows, "health": credit.HEALTHY, "healthFactor": None}
    stands = credit.standing(exchange, ledger)
    factor = stands.factor
    shown = None if factor is None else wire(rounded(factor.numerator, factor.denominator), 10)
    return {"tokenToState": rows, "health": stands.health, "healthFactor": shown}


def _leg(leg: Leg, decimals: int) -> dict[str, str]:
    return {"basis": wire(leg.basis, decimals), "value": wire(leg.value, decimals)}


class UserBorrowLendInterest(OfUser):
    """A span of time, both ends included; milliseconds."""

    startTime: U64 = msgspec.field()
    endTime: U64 | None = None


@query("userBorrowLendInterest", UserBorrowLendInterest)
def user_borrow_lend_interest(exchange: "Exchange", asked: UserBorrowLendInterest) -> list[dict[str, object]]:
    """Return the interest of each hour, oldest first; the rows are not summed up, so `nSamples` is null.

    That it is, as in rows of funding, is UNVERIFIED.
    """
    end = exchange.now_ms() if asked.endTime is None else asked.endTime
    rows = exchange.lending.interest.get(asked.user, [])
    return [
        {
            "time": row.time_ms,
            "token": row.token.name,
            "borrow": wire(row.borrow, row.token.wei_decimals),
            "supply": wire(row.supply, row.token.wei_decimals),
            "nSamples": None,
        }
        for row in [row for row in rows if asked.startTime <= row.time_ms <= end][:_ROWS]
    ]


def portfolio_keys(exchange: "Exchange", user: str) -> tuple[dict[str, object], dict[str, object]]:
    """Return what `spotClearinghouseState` has besides with portfolio margin: before the balances, and after.

    Source: recordings of mainnet, 2026-07 and 2026-09 (JKorf, `GetSubAccounts2`; TI:69719592359). The part
    that is borrowed is of the user's cap (hsnice16/tula), the part that is supplied of the same kind:
    UNVERIFIED. What is available after maintenance was the total there; with a loan it is what the ratio's
    value exceeds its requirement by: UNVERIFIED.
    """
    ledger = ledger_of(exchange, user)
    borrowed: list[object] = []
    supplied: list[object] = []
    after: list[object] = []
    for index, reserve in exchange.lending.reserves.items():
        terms, position = reserve.terms, reserve.positions.get(user)
        borrow, supply = (0, 0) if position is None else (position.borrow.value, position.supply.value)
        unit = terms.token.unit
        if terms.user_borrow_cap:
            borrowed.append([index, wire(rounded(borrow, terms.user_borrow_cap * unit), 10)])
        if index not in ledger.tokens:
            continue
        if terms.ltv_percent:
            supplied.append([index, wire(rounded(supply, terms.user_supply_cap * unit), 10)])
        left = credit.after_maintenance(exchange, ledger, terms.token)
        after.append([index, wire(left, terms.token.wei_decimals)])
    share = credit.ratio(exchange, ledger)
    keys: dict[str, object] = {
        "portfolioMarginRatio": wire(rounded(share.numerator, share.denominator), 10),
        "tokenToPortfolioBorrowRatio": borrowed,
        "tokenToPortfolioSupplyRatio": supplied,
        "tokenToAvailableAfterMaintenance": after,
    }
    return {"portfolioMarginEnabled": True}, keys


def lent_keys(exchange: "Exchange", user: str, index: int, hold: int) -> dict[str, object]:
    """Return what a row of the balances has besides with portfolio margin, in the order of NK.

    What is nothing is left out, as recorded of `supplied`. That `spotHold` is what orders on spot hold is
    UNVERIFIED: of four live accounts none had it so, read a moment apart (hsnice16/tula).
    """
    reserve = exchange.lending.reserves.get(index)
    held: dict[str, object] = {}
    if hold:
        held["spotHold"] = wire(hold, exchange.universe.token(index).wei_decimals)
    if reserve is None:
        return held
    decimals, position = reserve.terms.token.wei_decimals, reserve.positions.get(user)
    keys = held | {"ltv": wire(reserve.terms.ltv_percent, 2)}
    if position is not None and position.borrow.value:
        keys["borrowed"] = wire(position.borrow.value, decimals)
    if position is not None and position.supply.value:
        keys["supplied"] = wire(position.supply.value, decimals)
    return keys
