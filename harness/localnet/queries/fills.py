"""`userFills` and `userFillsByTime`."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Final

from harness.localnet.accounts.ledger import DUST, Fill
from harness.localnet.answers import Unservable
from harness.localnet.numbers import wire
from harness.localnet.parsing import U64
from harness.localnet.queries.registry import OfUser, ledger_of, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange

_ROWS: Final = 2000


class UserFills(OfUser):
    """Fills, one by one or joined per crossing order."""

    aggregateByTime: bool | None = None


class UserFillsByTime(UserFills):
    """Fills of a span of time, both ends included; milliseconds."""

    startTime: U64 | None = None
    endTime: U64 | None = None


@query("userFills", UserFills)
def user_fills(exchange: "Exchange", asked: UserFills) -> list[dict[str, object]]:
    """Return the latest fills, newest first (wire rule 109)."""
    fills = ledger_of(exchange, asked.user).fills
    return joined_rows(fills) if asked.aggregateByTime else rows(fills)


@query("userFillsByTime", UserFillsByTime)
def user_fills_by_time(exchange: "Exchange", asked: UserFillsByTime) -> list[dict[str, object]]:
    """Return the fills of a span, oldest first, at most 2000 (wire rules 108 and 109).

    Without startTime an endTime is 500 (wire rule 3); with neither, all fills are in the span (UNVERIFIED).
    """
    if asked.startTime is None and asked.endTime is not None:
        raise Unservable("endTime without startTime")
    start = asked.startTime or 0
    end = exchange.now_ms() if asked.endTime is None else asked.endTime
    fills = ledger_of(exchange, asked.user).fills
    found = [fill for fill in reversed(fills) if start <= fill.time_ms <= end]
    return joined_rows(found) if asked.aggregateByTime else rows(found)


def rows(fills: Iterable[Fill]) -> list[dict[str, object]]:
    """Return fills as they are printed, at most 2000."""
    return [_row(fill, wire(fill.px)) for fill in islice(fills, _ROWS)]


def _row(fill: Fill, px: str) -> dict[str, object]:
    row: dict[str, object] = {
        "coin": fill.coin,
        "px": px,
        "sz": wire(fill.sz, fill.sz_decimals),
        "side": "B" if fill.is_buy else "A",
        "time": fill.time_ms,
        "startPosition": wire(fill.start_position, fill.sz_decimals),
        "dir": fill.direction,
        "closedPnl": wire(fill.closed_pnl, fill.fee_decimals),
        "hash": fill.tx_hash,
        "oid": fill.oid,
        "crossed": fill.crossed,
        "fee": wire(fill.fee, fill.fee_decimals),
    }
    if fill.builder_fee:
        row["builderFee"] = wire(fill.builder_fee, fill.fee_decimals)
    row["tid"] = fill.tid
    if fill.cloid is not None:
        row["cloid"] = fill.cloid
    if fill.liquidation is not None:
        row["liquidation"] = {
            "liquidatedUser": fill.liquidation.user,
            "markPx": wire(fill.liquidation.mark),
            "method": fill.liquidation.method,
        }
    row["feeToken"] = fill.fee_token
    if fill.fee_trial_escrow:
        row["feeTrialEscrow"] = wire(fill.fee_trial_escrow, fill.fee_decimals)
    row["twapId"] = None
    return row


def joined_rows(fills: Iterable[Fill]) -> list[dict[str, object]]:
    """Join the fills that one crossing order got at one time, before the cut to 2000 (wire rule 108).

    Dust conversions are left out (RIFT, observations).
    """
    groups: dict[tuple[int, int], list[Fill]] = {}
    for fill in fills:
        if fill.direction == DUST:
            continue
        key = (fill.oid, fill.time_ms) if fill.crossed else (fill.oid, fill.tid)
        groups.setdefault(key, []).append(fill)
    return [_joined_row(group) for group in islice(groups.values(), _ROWS)]


def _joined_row(group: list[Fill]) -> dict[str, object]:
    """Return one row: start and tid of the earliest fill, the average price to ten places (wire rule 44)."""
    earliest = min(group, key=lambda fill: fill.trade)
    size = sum(fill.sz for fill in group)
    paid = sum(fill.px * fill.sz for fill in group)
    joined = earliest._replace(
        sz=size,
        closed_pnl=sum(fill.closed_pnl for fill in group),
        fee=sum(fill.fee for fill in group),
        builder_fee=sum(fill.builder_fee for fill in group),
        fee_trial_escrow=sum(fill.fee_trial_escrow for fill in group),
    )
    return _row(joined, wire(round(Fraction(paid * 100, size)), 10))
