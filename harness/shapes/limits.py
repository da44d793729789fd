"""Limits and doors: maxMarketOrderNtls, liquidatable, legalCheck, isVip, usdcRouting, alignedQuoteTokenInfo.

Source: nktkas/hyperliquid, but for alignedQuoteTokenInfo: API docs of 2025, "Spot". No recording is known.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from harness.shapes.base import (
    Address,
    Amount,
    Answer,
    AnyFigure,
    Count,
    Figure,
    Millis,
    Number,
    Rows,
    Shape,
)
from harness.shapes.fees import Date
from harness.shapes.metadata import Leverage


class MaxMarketOrderNtls(Rows[tuple[int, str]]):
    """The answer to maxMarketOrderNtls: by a coin's highest leverage, the largest market order in USD."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[tuple[Leverage, AnyFigure], ...]


class IsolatedIndex(Shape, frozen=True):
    """An isolated position: its asset's number."""

    asset: Count


class PositionIndex(Shape, frozen=True):
    """Which position; only isolated ones were seen."""

    isolated: IsolatedIndex


class LiquidatablePosition(Shape, frozen=True):
    """A position that may be liquidated; what the two numbers of `marginAvailable` say is not known."""

    user: Address
    positionIndex: PositionIndex
    marginAvailable: tuple[float, float]


class Liquidatable(Rows[LiquidatablePosition]):
    """The answer to liquidatable."""

    __slots__ = ()
    WIRE: ClassVar[Any] = tuple[LiquidatablePosition, ...]


class LegalCheck(Shape, frozen=True):
    """The answer to legalCheck. Restrictions: n none, a all actions, o outcomes, u a user of the UK."""

    acceptedTerms: bool
    userAllowed: bool
    restrictions: Literal["n", "a", "o", "u"]


@dataclass(frozen=True, slots=True)
class IsVip(Answer):
    """The answer to isVip: true, false, or null."""

    WIRE: ClassVar[Any] = bool | None

    is_vip: bool | None


Route = Literal["bridge", "cctp"]


class UsdcRouting(Shape, frozen=True):
    """The answer to usdcRouting: the way of deposits and of withdrawals."""

    depositRoute: Route
    withdrawalRoute: Route


class AlignedToken(Shape, frozen=True):
    """An aligned quote token: supplies and amounts in tokens, the rate as a fraction a year."""

    isAligned: bool
    firstAlignedTime: Millis
    evmMintedSupply: Amount
    dailyAmountOwed: tuple[tuple[Date, Number], ...]
    predictedRate: Amount

    predicted_rate = Figure("predictedRate")


@dataclass(frozen=True, slots=True)
class AlignedQuoteTokenInfo(Answer):
    """The answer to alignedQuoteTokenInfo; null for any other token (UNVERIFIED).

    In 2026-10 both networks answered 422 to it, whatever was asked (text-index 70359400865).
    """

    WIRE: ClassVar[Any] = AlignedToken | None

    token: AlignedToken | None
