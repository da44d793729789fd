"""Borrowing and lending: borrowLendUserState, borrowLendReserveState, allBorrowLendReserveStates, interest.

Source: API docs, "Info endpoint"; nktkas/hyperliquid for userBorrowLendInterest and the words of `health`.
"""

from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, UnsetType

from harness.shapes.base import Amount, AnyFigure, Count, Figure, Millis, Rows, Shape, since


class ReserveState(Shape, frozen=True):
    """The answer to borrowLendReserveState: what is lent of one token.

    Rates as fractions a year, `balance`, `totalSupplied` and `totalBorrowed` in tokens, `oraclePx` in USDC,
    `ltv` the share of its value that a token secures.
    """

    borrowYearlyRate: Amount
    supplyYearlyRate: Amount
    balance_: Amount
    utilization: Amount
    oraclePx: Amount
    ltv: Amount
    totalSupplied: Amount
    totalBorrowed: Amount

    balance = Figure("balance_")
    oracle_px = Figure("oraclePx")
    total_supplied = Figure("totalSupplied")
    total_borrowed = Figure("totalBorrowed")


class AllReserveStates(Rows[tuple[int, ReserveState]]):
    """The answer to allBorrowLendReserveStates: the number of each token, and its state."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[tuple[Count, ReserveState], ...]


class LentAmount(Shape, frozen=True):
    """What was borrowed or supplied of a token (`basis`) and what it has grown to (`value`), in tokens."""

    basis_: Amount
    value_: Amount

    basis = Figure("basis_")
    value = Figure("value_")


class TokenLending(Shape, frozen=True):
    """What an account borrowed and supplied of a token."""

    borrow: LentAmount
    supply: LentAmount


class BorrowLendUserState(Shape, frozen=True):
    """The answer to borrowLendUserState: tokens by number; `healthFactor` is null without a loan.

    Source of the words of `health`: nktkas/hyperliquid, of which healthy and atRisk were seen.
    """

    tokenToState: tuple[tuple[Count, TokenLending], ...]
    health: Literal["healthy", "atRisk", "marketLiquidatable", "backstopLiquidatable"]
    healthFactor: Amount | None


class Interest(Shape, frozen=True):
    """Interest of one time on one token, in tokens: paid for `borrow`, received for `supply`.

    Source of `nSamples`, how many payments the row sums up: text-index 70986315691, a client of 2026-10.
    """

    time: Millis
    token: str
    borrow_: AnyFigure
    supply_: AnyFigure
    nSamples: Annotated[Count | UnsetType | None, since("2026-10")] = UNSET

    borrow = Figure("borrow_")
    supply = Figure("supply_")


class UserBorrowLendInterest(Rows[Interest]):
    """The answer to userBorrowLendInterest."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[Interest, ...]
